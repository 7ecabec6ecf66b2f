import { createVitePlugin } from './adapters/vite/create-vite-plugin';
import type { MountedGateway } from './adapters/vite/create-vite-plugin';
import type { GatewayVitePlugin } from './adapters/vite/vite-types';
import { checkFactoryOptions } from './call/factory-options';
import type { FactoryRule } from './call/factory-options';
import type { GatewayConfig } from './config/gateway-config';
import type {
  GatewayRequest,
  GatewayResponse,
  HookRequest,
  HookResponse,
} from './config/hook-types';
import type { GatewayContext } from './context';
import { createGateway } from './gateway';
import type { Mocks } from './mocks/mock-types';
import type { SchemasByScope } from './schema/definitions';

export interface GatewayPluginOptions<
  Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
  Req extends HookRequest<Context> = GatewayRequest<Context>,
  Res extends HookResponse = GatewayResponse,
> {
  /** By scope, as for `getGatewayControllers`. */
  schemas: Schemas;
  /** As for `getGatewayControllers`. Default: `{}`. */
  config?: GatewayConfig<Context, Req, Res>;
  /** What stands in the path before `/:scope/:service/:action`. Default `/gateway`. */
  prefix?: string;
  /** Bytes of a JSON body; a longer one is answered 413. Default 1 MiB. */
  bodyBytes?: number;
  /** Answers in place of backends, by scope, service and action. Default: none. */
  mocks?: Mocks<NoInfer<Schemas>>;
}

const anObject: FactoryRule = {
  expected: 'an object',
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const RULES = {
  schemas: { ...anObject, isRequired: true },
  config: anObject,
  // All that is below belongs to the gateway: without a prefix Vite would have nothing to serve.
  prefix: {
    expected: 'a path such as /gateway',
    accepts: (value) => typeof value === 'string' && /^\/[^?#]*[^/?#]/.test(value),
  },
  bodyBytes: {
    expected: 'a number of bytes from 0',
    accepts: (value) => typeof value === 'number' && value >= 0,
  },
  mocks: anObject,
} satisfies Record<keyof GatewayPluginOptions<SchemasByScope>, FactoryRule>;

/**
 * A Vite plugin that mounts a gateway in the dev server and in `vite preview`, with mocks for actions
 * whose backends are not there. A mistake in schemas, config or mocks fails the start of the server.
 *
 * @throws TypeError that names an option that is wrong
 */
export function gatewayPlugin<
  const Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
  Req extends HookRequest<Context> = GatewayRequest<Context>,
  Res extends HookResponse = GatewayResponse,
>(options: GatewayPluginOptions<Schemas, Context, Req, Res>): GatewayVitePlugin {
  checkFactoryOptions('gatewayPlugin', options, RULES);
  const { schemas, config = {}, prefix = '/gateway', bodyBytes, mocks } = options;
  const build = () => createGateway(schemas, config, mocks) as unknown as MountedGateway;
  return createVitePlugin(build, { prefix, bodyBytes });
}
