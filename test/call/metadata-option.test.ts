import { recordingMethod, startGrpcAction } from '../servers/start-grpc-action';
import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const metadata = { 'x-owner': 'never-sent', tags: ['never-sent'] };

test('metadata of a REST action is never sent', async () => {
  const upstream = await startUpstream();
  const params = () => ({ body: { a: 1 }, query: { b: 2 } });
  const { call, post } = await startRestAction(upstream.url, { method: 'POST', params, metadata });
  await call({ args: {} });
  await post();
  for (const { url, rawHeaders, body } of upstream.requests) {
    expect([url, ...rawHeaders, String(body)].join('\n')).not.toMatch(
      /never-sent|x-owner|metadata/i,
    );
  }
  expect(upstream.requests).toHaveLength(2);
});

test('metadata of a gRPC action is never sent, neither as metadata nor in the message', async () => {
  const get = recordingMethod();
  const { call, post } = await startGrpcAction({ Get: get.method }, { metadata });
  await call({ args: { itemId: 'a' } });
  await post({ itemId: 'a' });
  for (const received of get.calls) {
    expect(received.request).toEqual({ itemId: 'a' });
    expect(JSON.stringify(received.metadata.toJSON())).not.toMatch(/never-sent|x-owner/);
  }
  expect(get.calls).toHaveLength(2);
});
