import type { ApiServiceRestActionConfig, GatewayConfig } from '../../lib';
import { startGateway } from '../../test/servers/start-gateway';
import { startUpstream } from '../../test/servers/start-upstream';
import type { ExpressVersion } from './promise';

export const BASE = '/base/v1';
export const REFUSED = '400 GATEWAY_INVALID_PARAM_VALUE';

export type MakePath = (args: any) => unknown;

interface Options {
  definition?: Partial<ApiServiceRestActionConfig>;
  config?: GatewayConfig<any, any, any>;
}

/**
 * Actions below a base path, one for each way to make a path. `byHttp` and `byApi` give what the
 * upstream saw below the base, or status and code of a call that sent nothing.
 */
export async function startPaths(
  express: ExpressVersion,
  paths: Record<string, MakePath>,
  { definition, config }: Options = {},
) {
  const upstream = await startUpstream();
  const toAction = (path: MakePath) => ({ method: 'GET', path, ...definition });
  const actions = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, toAction(path)]),
  );
  const service = { endpoints: upstream.url + BASE, actions };
  const gateway = await startGateway({ root: { s: service } } as never, config, { express });

  async function tell(run: () => Promise<string | undefined>): Promise<string> {
    const before = upstream.requests.length;
    const failure = await run();
    const isSent = upstream.requests.length > before;
    if (failure !== undefined) return `${failure}${isSent ? ' after it was sent' : ''}`;
    const { url } = upstream.last;
    return url.startsWith(BASE) ? url.slice(BASE.length) : `outside: ${url}`;
  }

  return {
    upstream,
    post: gateway.post,
    byHttp: (name: string, args: unknown) =>
      tell(async () => {
        const { status, json } = await gateway.post(`s/${encodeURIComponent(name)}`, args);
        return status === 200 ? undefined : `${status} ${json.code}`;
      }),
    /** For args that JSON does not carry. */
    byApi: (name: string, args: unknown) =>
      tell(() =>
        (gateway.api as any).s[name]({ args }).then(
          () => undefined,
          ({ error }: any) => `${error?.status} ${error?.code}`,
        ),
      ),
  };
}

/** All ways one after the other: what each came to, by its name. */
export async function outcomesOf(
  names: readonly string[],
  send: (name: string) => Promise<string>,
): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const name of names) outcomes[name] = await send(name);
  return outcomes;
}

/** What `outcomesOf` gives where every way came to the same. */
export function all(names: readonly string[], outcome: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, outcome]));
}
