import { join } from 'node:path';
import type * as Sallyport from '../../lib';
import type { Backend } from '../serve';
import type { Variant, Work } from '../works';
import { createApp } from './express-app';

/** The package as it is published: no transpiler stands between. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { getGatewayControllers } = require('../../build') as typeof Sallyport;

const SCHEMA = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 36 } },
  required: ['id'],
  additionalProperties: false,
};
const small = { method: 'GET', path: ({ id }: { id: string }) => `/small/${id}` } as const;

/** Scopes of actions that nobody calls. */
function createCrowd(endpoints: string, { actions, scopes }: NonNullable<Work['crowd']>) {
  const perScope = Array.from({ length: actions / scopes }, (_, index) => [
    `action${index}`,
    small,
  ]);
  const service = {
    endpoints,
    actions: Object.fromEntries(perScope) as Record<string, typeof small>,
  };
  const all = Array.from({ length: scopes }, (_, index) => [`scope${index}`, { service }]);
  return Object.fromEntries(all) as Record<string, { service: typeof service }>;
}

const CONFIGS: { readonly [name in Variant]?: Sallyport.GatewayConfig } = {
  // An option that only axios understands and that changes nothing.
  'gateway over axios': { axiosConfig: { maxBodyLength: Infinity } },
  'gateway that reads answers': { passThrough: false },
  'gateway with telemetry': { sendStats: () => undefined },
};

/** The gateway, with its default config unless the variant says otherwise. */
export function createGateway({ http, grpc }: Backend, { kind, crowd }: Work, variant: Variant) {
  const others = crowd ? createCrowd(http, crowd) : {};
  for (let made = 1; made < (crowd?.gateways ?? 1); made++) getGatewayControllers(others);
  const service = { protoPath: join(__dirname, '..', 'items.proto'), protoKey: 'bench.Items' };
  const schemas: Sallyport.SchemasByScope = {
    ...others,
    rest: {
      items: {
        endpoints: http,
        actions: {
          getSmall: small,
          getUnchecked: small,
          getChecked: { ...small, validationSchema: SCHEMA },
          getList: { method: 'GET', path: ({ id }: { id: string }) => `/list/${id}` },
          postSmall: { method: 'POST', path: '/small', params: (args: object) => ({ body: args }) },
        },
      },
    },
    ...(kind === 'grpc' && {
      grpc: {
        items: {
          endpoints: { path: grpc, insecure: true },
          actions: {
            getSmall: { ...service, action: 'GetSmall' },
            getList: { ...service, action: 'GetList' },
          },
        },
      },
    }),
  };
  return createApp(getGatewayControllers(schemas, CONFIGS[variant] ?? {}).controller);
}
