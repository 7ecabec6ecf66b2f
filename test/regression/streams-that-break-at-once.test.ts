import { startGateway } from '../servers/start-gateway';
import type { Host } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

const down = { method: 'GET', path: '/', responseType: 'stream' } as const;

describe.each<Host>([4, 5, 'fetch'])('host %s', (express) => {
  test.each<[string, object, string | undefined]>([
    ['a coding that is none', { 'content-encoding': 'gzip' }, 'this is not gzip'],
    ['a body that is cut before its first byte', { 'content-length': '100' }, undefined],
  ])('U3: a stream action with %s is a coded 502', async (_fault, headers, body) => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', ...headers });
      if (body !== undefined) return response.end(body);
      response.flushHeaders();
      return setTimeout(() => response.destroy(), 20);
    });
    const schemas = { root: { s: { endpoints: upstream.url, actions: { down } } } };
    const { post } = await startGateway(schemas, {}, { express });
    expect(await post('s/down')).toMatchObject({
      status: 502,
      json: { status: 502, code: expect.any(String), message: expect.any(String) },
    });
  });

  test('an empty stream is an empty answer', async () => {
    const upstream = await startUpstream((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/csv' }).end(),
    );
    const schemas = { root: { s: { endpoints: upstream.url, actions: { down } } } };
    const { post } = await startGateway(schemas, {}, { express });
    expect(await post('s/down')).toMatchObject({ status: 200, text: '' });
  });
});
