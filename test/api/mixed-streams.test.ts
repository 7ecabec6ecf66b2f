import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

async function start() {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'text/csv');
    response.write('a,b\n');
    setImmediate(() => response.end('1,2\n'));
  });
  const file = { method: 'GET', path: '/file', responseType: 'stream' } as const;
  return startGateway({
    root: {
      files: { endpoints: upstream.url, actions: { file } },
      pages: {
        actions: {
          passed: (api: any) => api.files.file() as Promise<Readable>,
          read: async (api: any) => text((await api.files.file()) as Readable),
          made: () => Promise.resolve(Readable.from(['one ', 'two'])),
          broken: () => Promise.resolve(Readable.from(breaking())),
        },
      },
    },
  });
}

async function* breaking() {
  yield Promise.resolve('begun');
  throw new Error('cut');
}

test('an inner call that streams resolves to the stream', async () => {
  const { api, post } = await start();
  expect((await api.pages.read()).responseData).toBe('a,b\n1,2\n');
  expect((await post('pages/passed')).text).toBe('a,b\n1,2\n');
});

test('a stream that a function returns is streamed to the client', async () => {
  const { post } = await start();
  expect(await post('pages/made')).toMatchObject({ status: 200, text: 'one two' });
});

test('a caller on the server is given the stream', async () => {
  const { api } = await start();
  const { responseData } = await api.pages.made();
  expect(responseData).toBeInstanceOf(Readable);
  expect(await text(responseData)).toBe('one two');
});

test('C5: a stream that breaks ends the client`s connection', async () => {
  const { post, api } = await start();
  await expect(post('pages/broken')).rejects.toMatchObject({ code: 'ECONNRESET' });
  const { responseData } = await api.pages.broken();
  responseData.resume();
  const [error] = (await once(responseData, 'error')) as [Error];
  expect(error.message).toBe('cut');
});
