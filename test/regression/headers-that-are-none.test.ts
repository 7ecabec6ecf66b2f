import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const values: [string, unknown][] = [
  ['a text', 'Bearer secret'],
  ['a list', ['authorization', 'secret']],
  ['a number', 5],
  ['true', true],
  ['a function', () => ({ authorization: 'secret' })],
  ['bytes', Buffer.from('secret')],
];
const hooks: [string, (value: unknown) => object, (value: unknown) => object][] = [
  ['getAuthHeaders', () => ({}), (value) => ({ getAuthHeaders: () => value })],
  ['proxyHeaders', () => ({}), (value) => ({ proxyHeaders: () => value })],
  ['the headers of params', (value) => ({ params: () => ({ headers: value }) }), () => ({})],
];
const cases = hooks.flatMap(([hook, ...make]) =>
  values.map(([name, value]) => [hook, name, value, ...make] as const),
);

test.each(cases)(
  'G5 %s that gives %s in place of headers sends nothing',
  async (_hook, _name, value, definition, config) => {
    const upstream = await startUpstream();
    const { post } = await startRestAction(upstream.url, definition(value), config(value));
    const answer = await post();
    expect(answer).toMatchObject({ status: 500, json: { code: expect.stringMatching(/./) } });
    expect(answer.text).not.toContain('secret');
    expect(upstream.requests).toEqual([]);
  },
);

test.each<[string, unknown]>([
  ['a Map', new Map([['authorization', 'secret']])],
  ["fetch's Headers", new Headers({ authorization: 'secret' })],
])('headers may come as %s', async (_name, value) => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(
    upstream.url,
    {},
    { getAuthHeaders: () => value as never },
  );
  expect(await post()).toMatchObject({ status: 200 });
  expect(upstream.last.headers).toMatchObject({ authorization: 'secret' });
});

test.each([['a text'], [5], [true]])(
  'G5 params that give %p in place of an object send nothing',
  async (value) => {
    const upstream = await startUpstream();
    const { post } = await startRestAction(upstream.url, { params: () => value as never });
    expect(await post()).toMatchObject({ status: 500, json: { message: 'params failed' } });
    expect(upstream.requests).toEqual([]);
  },
);
