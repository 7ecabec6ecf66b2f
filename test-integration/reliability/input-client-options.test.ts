import { startGateway } from '../../test/servers/start-gateway';
import { startRestAction } from '../../test/servers/start-rest-action';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { startShop } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

/** Names of options of clients. */
const OPTIONS = {
  url: 'http://127.0.0.1:1/other',
  baseURL: 'http://127.0.0.1:1',
  method: 'DELETE',
  proxy: { host: '127.0.0.1', port: 1 },
  socketPath: '/nowhere',
  timeout: 1,
  maxRedirects: 0,
  maxContentLength: 1,
  responseType: 'stream',
  auth: { username: 'other', password: 'other' },
  adapter: 'none',
  transformRequest: ['none'],
  validateStatus: false,
  signal: { aborted: true },
  httpAgent: {},
  data: { other: true },
  deadline: 1,
  host: 'other.invalid',
  credentials: {},
  interceptors: [1],
  idempotency: true,
};

promise('I7', "Args never reach a client's configuration.", (express) => {
  test.each<[string, (args: any) => any]>([
    ['as query and body', (args) => ({ query: { q: 1 }, body: args })],
    ['in place of what params returns', (args) => ({ ...args, body: args, query: { q: 1 } })],
  ])('of REST, %s', async (_name, params) => {
    const { url, requests } = await startUpstream((request, response) =>
      sendJson(response, request.json),
    );
    const { post, call } = await startRestAction(url, { method: 'POST', params }, {}, { express });
    expect(await post(OPTIONS)).toMatchObject({ status: 200, json: OPTIONS });
    expect(await call({ args: OPTIONS })).toMatchObject({ responseData: OPTIONS });
    for (const { method, url: target, headers, json } of requests) {
      expect({ method, target, json }).toEqual({
        method: 'POST',
        target: '/run?q=1',
        json: OPTIONS,
      });
      expect(headers).not.toHaveProperty('authorization');
      expect(headers.host).toBe(new URL(url).host);
    }
  });

  test.each<[string, undefined | ((args: any) => any)]>([
    ['as the message', undefined],
    ['in place of what params returns', (args) => ({ ...args, body: { itemId: 'a' } })],
  ])('of gRPC, %s', async (_name, params) => {
    const hosts: string[] = [];
    const Get = (call: any, callback: any) => {
      hosts.push(call.getHost());
      callback(null, { itemId: call.request.itemId });
    };
    const get = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };
    const actions = { get: { ...get, ...(params && { params }) } };
    const { post, upstream } = await startShop({ Get }, { express, actions });
    const answer = await post('items/get', { ...OPTIONS, itemId: 'a' });
    expect(answer).toMatchObject({ status: 200, json: { itemId: 'a' } });
    expect(hosts).toEqual([upstream.address]);
  });

  test('of the gateway, through a mixed action', async () => {
    const run = (_api: unknown, args: unknown) => args;
    const { post } = await startGateway({ root: { s: { actions: { run } } } }, {}, { express });
    expect(await post('s/run', OPTIONS)).toMatchObject({ status: 200, json: OPTIONS });
  });
});
