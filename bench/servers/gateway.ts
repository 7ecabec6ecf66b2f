import { join } from 'node:path';
import type * as Sallyport from '../../lib';
import type { Backend } from '../serve';
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

/** The gateway with its default config. */
export function createGateway({ http, grpc }: Backend, kind: string) {
  const service = { protoPath: join(__dirname, '..', 'items.proto'), protoKey: 'bench.Items' };
  const { controller } = getGatewayControllers({
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
  });
  return createApp(controller);
}
