import { startGateway } from '../../test/servers/start-gateway';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { watchProcess } from '../../test/servers/watch-process';

// A busy machine takes several times as long.
jest.setTimeout(120_000);

watchProcess();

test('L2: 10,000 concurrent calls succeed', async () => {
  let running = 0;
  let most = 0;
  const upstream = await startUpstream(({ url }, response) => {
    most = Math.max(most, ++running);
    response.once('finish', () => running--);
    setImmediate(() => sendJson(response, { url }));
  });
  const item = { path: ({ id }: any) => `/items/${id}`, timeout: 0 };
  const actions = { read: { method: 'GET', ...item }, write: { method: 'POST', ...item } } as const;
  const { api } = await startGateway({ root: { items: { endpoints: upstream.url, actions } } });
  const ids = Array.from({ length: 10_000 }, (_, id) => id);
  const answers: any[] = await Promise.all(
    ids.map((id) => api.items[id % 5 === 0 ? 'write' : 'read']({ args: { id } } as never)),
  );
  expect(answers.map(({ responseData }) => responseData.url)).toEqual(
    ids.map((id) => `/items/${id}`),
  );
  expect(most).toBeLessThanOrEqual(256);
});
