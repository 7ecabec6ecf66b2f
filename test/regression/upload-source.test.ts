import { Readable } from 'node:stream';
import { eventually } from '../servers/eventually';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startRawUpstream } from '../servers/start-upstream';

test('C5: a stream that was sent as the body is destroyed when the call fails', async () => {
  const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.destroy()));
  const body = new Readable({ read: () => undefined });
  body.push('piece');
  const definition = { method: 'PUT', params: () => ({ body }) } as const;
  const { call } = await startRestAction(upstream.url, definition);
  expect((await failureOf(call())).error.status).toBe(502);
  await eventually(() => body.destroyed);
});
