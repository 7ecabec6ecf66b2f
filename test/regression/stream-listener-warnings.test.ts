import { gzipSync } from 'node:zlib';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

test.each([
  ['a streamed answer', 'files/get', 'identity'],
  ['a streamed answer in gzip', 'files/get', 'gzip'],
  ['a stream that a mixed action passes on', 'files/mixed', 'identity'],
  ['a stream through four mixed actions', 'files/four', 'identity'],
])('X4: %s causes no warning of too many listeners', async (_name, path, coding) => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-encoding', coding);
    response.end(coding === 'gzip' ? gzipSync('content') : 'content');
  });
  const actions = {
    get: { method: 'GET', path: '/f', responseType: 'stream' },
    mixed: (api: any) => api.files.get(),
    two: (api: any) => api.files.mixed(),
    three: (api: any) => api.files.two(),
    four: (api: any) => api.files.three(),
  };
  const gateway = await startGateway({
    root: { files: { endpoints: upstream.url, actions } },
  } as never);
  expect(await gateway.post(path)).toMatchObject({ status: 200, text: 'content' });
});
