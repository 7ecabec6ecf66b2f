import type { ApiServiceRestActionConfig, GatewayConfig, SchemasByScope } from '../../lib';
import { startGateway } from './start-gateway';
import type { AppOptions } from './start-gateway';

type ServiceEndpoints = SchemasByScope[string][string]['endpoints'];

/** One REST action over `url`, as `post` of the controller and as `call` of the api. */
export async function startRestAction(
  url: ServiceEndpoints,
  definition: Partial<ApiServiceRestActionConfig> = {},
  config: GatewayConfig<any, any, any> = {},
  app: AppOptions = {},
) {
  const run: ApiServiceRestActionConfig = { method: 'GET', path: '/run', ...definition };
  const schemas = { root: { s: { endpoints: url, actions: { run } } } };
  const gateway = await startGateway(schemas, config, app);
  return {
    ...gateway,
    post: (args: unknown = {}, headers?: Record<string, string>) =>
      gateway.post('s/run', args, headers),
    call: (input: object = {}) => gateway.api.s.run(input as never) as Promise<any>,
  };
}

/** What a call rejects with: `error` and its `debugHeaders`. */
export async function failureOf(call: Promise<unknown>): Promise<any> {
  return call.then(
    () => {
      throw new Error('the call did not fail');
    },
    (failure: unknown) => failure,
  );
}
