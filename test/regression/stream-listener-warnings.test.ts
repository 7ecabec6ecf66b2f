import { gzipSync } from 'node:zlib';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const warnings: Error[] = [];
const note = (warning: Error) => void warnings.push(warning);
beforeAll(() => process.on('warning', note));
afterAll(() => process.off('warning', note));

test.each([
  ['a streamed answer', 'files/get', 'identity'],
  ['a streamed answer in gzip', 'files/get', 'gzip'],
  ['a stream that a mixed action passes on', 'files/mixed', 'identity'],
  ['a stream through two mixed actions', 'files/twice', 'identity'],
])('X4: %s causes no warning of listeners', async (_name, path, coding) => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-encoding', coding);
    response.end(coding === 'gzip' ? gzipSync('content') : 'content');
  });
  const actions = {
    get: { method: 'GET', path: '/f', responseType: 'stream' },
    mixed: (api: any) => api.files.get(),
    twice: (api: any) => api.files.mixed(),
  };
  const gateway = await startGateway({
    root: { files: { endpoints: upstream.url, actions } },
  } as never);
  expect(await gateway.post(path)).toMatchObject({ status: 200, text: 'content' });
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});
