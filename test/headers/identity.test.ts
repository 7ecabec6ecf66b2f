import { startRestAction } from '../servers/start-rest-action';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { startHeaderAction, ways } from './call-by';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An upstream that is unavailable until the attempt `succeedsAt`. */
async function startFlaky(succeedsAt: number, idempotency: boolean) {
  const upstream = await startUpstream((_request, response) => {
    const isDone = upstream.requests.length >= succeedsAt;
    sendJson(response, {}, isDone ? 200 : 503);
  });
  const action = { method: idempotency ? 'POST' : 'GET', idempotency, retries: 2 } as const;
  const { post } = await startRestAction(upstream.url, action);
  const read = (name: string) => upstream.requests.map(({ headers }) => headers[name]);
  return { post, read };
}

test('x-request-attempt is absent at first, then counts retries from 1', async () => {
  const { post, read } = await startFlaky(3, false);
  expect(await post()).toMatchObject({ status: 200 });
  expect(read('x-request-attempt')).toEqual([undefined, '1', '2']);
});

test('x-request-timeout goes with every attempt and never grows', async () => {
  const { post, read } = await startFlaky(3, false);
  await post();
  const timeouts = read('x-request-timeout').map(Number);
  expect(timeouts).toHaveLength(3);
  expect(timeouts[0]).toBe(25_000);
  expect([...timeouts].sort((a, b) => b - a)).toEqual(timeouts);
  expect(Math.min(...timeouts)).toBeGreaterThan(0);
});

test('C1: one idempotency-key and one x-request-id serve all attempts', async () => {
  const { post, read } = await startFlaky(3, true);
  expect(await post()).toMatchObject({ status: 200 });
  for (const name of ['idempotency-key', 'x-request-id']) {
    expect(read(name)).toHaveLength(3);
    expect(new Set(read(name)).size).toBe(1);
  }
  expect(read('idempotency-key')[0]).toMatch(uuid);
});

test.each(ways)('by %s, each call has an idempotency-key of its own', async (way) => {
  const { by, upstream } = await startHeaderAction({ action: { idempotency: true } });
  await by(way);
  await by(way);
  const keys = upstream.requests.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)]);
  expect(keys[0]).not.toBe(keys[1]);
});

test.each([
  ...ways.map((way) => [way, 'idempotency-key'] as const),
  ['api', 'Idempotency-Key'] as const,
])('by %s, the caller may bring the key as %s', async (way, name) => {
  const { by, sent } = await startHeaderAction({ action: { idempotency: true } });
  await by(way, { [name]: 'order-1' });
  expect(sent()).toMatchObject({ 'idempotency-key': 'order-1' });
});

test.each(ways)('by %s, an empty key of the caller is none', async (way) => {
  const { by, sent } = await startHeaderAction({ action: { idempotency: true } });
  await by(way, { 'idempotency-key': '' });
  expect(sent()['idempotency-key']).toMatch(uuid);
});

test('without idempotency no key is sent, the caller’s neither', async () => {
  const { by, sent } = await startHeaderAction();
  await by('controller', { 'idempotency-key': 'order-1' });
  expect(sent()).not.toHaveProperty('idempotency-key');
});

test.each([
  ['text', 'call-1', 'call-1'],
  ['a number', 5, '5'],
  ['text that is no header', 'a\r\nx: я', 'a%0D%0Ax%3A%20%D1%8F'],
])('through api the x-request-id is that of the call: %s', async (_name, requestId, sent) => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url);
  await call({ requestId });
  expect(upstream.last.headers['x-request-id']).toBe(sent);
});

test('a request id that cannot go on is replaced by the controller', async () => {
  const { by, sent } = await startHeaderAction();
  await by('controller', { 'x-request-id': 'two words' });
  expect(sent()['x-request-id']).toMatch(uuid);
});
