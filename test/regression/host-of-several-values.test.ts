import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

async function startWith(headers: Record<string, string[]>) {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, { params: () => ({ headers }) });
  return { upstream, post };
}

test('H1: an array of no values is no header, of one the value', async () => {
  const none = await startWith({ host: [], 'x-none': [] });
  expect(await none.post()).toMatchObject({ status: 200 });
  expect(none.upstream.last.headers).not.toHaveProperty('x-none');
  expect(none.upstream.last.headers.host).toBe(new URL(none.upstream.url).host);
  const one = await startWith({ host: ['own.test'] });
  expect(await one.post()).toMatchObject({ status: 200 });
  expect(one.upstream.last.headers.host).toBe('own.test');
});

test('H1: a Host of several values is refused, and nothing is sent (RFC 9110, 7.2)', async () => {
  const { upstream, post } = await startWith({ host: ['a.test', 'b.test'] });
  expect(await post()).toMatchObject({ status: 500, json: { code: 'INVALID_HEADER' } });
  expect(upstream.requests).toHaveLength(0);
});
