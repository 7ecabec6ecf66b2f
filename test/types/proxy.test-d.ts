import { expectTypeOf } from 'expect-type';
import express from 'express';
import { defineSchema, getGatewayControllers, getTypedApiFactory, proxy } from '../../lib';
import type { ApiServiceProxyActionConfig } from '../../lib';

const schema = defineSchema({
  files: {
    endpoints: 'http://upstream',
    actions: {
      raw: proxy({ pathPrefix: '/files', timeout: 1000, dropHeaders: ['cookie'] }),
      data: { kind: 'proxy' },
      list: { method: 'GET', path: '/list' },
    },
  },
  users: { actions: { all: { method: 'GET', path: '/' } } },
});
const gateway = getGatewayControllers({ root: schema, shop: schema });
const inner = getTypedApiFactory<{ root: typeof schema }>()(0);

expectTypeOf(proxy()).toEqualTypeOf<ApiServiceProxyActionConfig>();

// Proxies are no functions of the api.

expectTypeOf<keyof typeof gateway.api.files>().toEqualTypeOf<'list'>();
expectTypeOf<keyof typeof gateway.api.shop.files>().toEqualTypeOf<'list'>();
expectTypeOf<keyof typeof inner.files>().toEqualTypeOf<'list'>();

// Only proxies have a handler, which Express takes.

const app = express();
app.use('/files', gateway.proxyHandler('root', 'files', 'raw'));
app.all('/data/*splat', gateway.proxyHandler('shop', 'files', 'data'));
// @ts-expect-error a REST action
gateway.proxyHandler('root', 'files', 'list');
// @ts-expect-error no such action
gateway.proxyHandler('root', 'files', 'none');
// @ts-expect-error no such service
gateway.proxyHandler('root', 'none', 'raw');
// @ts-expect-error no such scope
gateway.proxyHandler('none', 'files', 'raw');
// @ts-expect-error a service without proxies
gateway.proxyHandler('root', 'users', 'all');

// @ts-expect-error an option of REST actions
proxy({ retries: 1 });
