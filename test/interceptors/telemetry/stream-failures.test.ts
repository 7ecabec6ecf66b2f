import type { Readable } from 'node:stream';
import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { startUpstream } from '../../servers/start-upstream';

async function runStream(path: string, read: (stream: Readable) => void, definition: object = {}) {
  const upstream = await startUpstream(({ url }, response) => {
    response.setHeader('content-length', '100');
    response.write('half');
    if (url === '/cut') setTimeout(() => response.destroy(), 20);
  });
  const action = { method: 'GET', path, responseType: 'stream', ...definition };
  const stats: any[] = [];
  const gateway = await startGateway(
    { root: { files: { endpoints: upstream.url, actions: { get: action } } } } as never,
    { sendStats: (one: object) => void stats.push(one) },
  );
  const { responseData } = await (gateway.api as any).files.get();
  responseData.on('error', () => undefined);
  read(responseData);
  await eventually(() => stats.length > 0);
  await new Promise(setImmediate);
  return stats;
}

test.each([
  ['that the upstream cuts is a 502', '/cut', (one: Readable) => one.resume(), {}, 502],
  [
    'that falls silent is a 504',
    '/silent',
    (one: Readable) => one.resume(),
    { timeout: 1000 },
    504,
  ],
  [
    'that its reader gives up is a 499',
    '/silent',
    (one: Readable) => one.once('data', () => one.destroy()),
    {},
    499,
  ],
])('a stream %s in stats, reported once with what was streamed', async (...given) => {
  const [, path, read, definition, restStatus] = given;
  const stats = await runStream(path, read, definition);
  expect(stats).toMatchObject([{ restStatus, responseSize: 4, requestMethod: 'GET' }]);
  expect(stats).toHaveLength(1);
});
