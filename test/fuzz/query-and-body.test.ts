import fc from 'fast-check';
import { startUpstream } from '../servers/start-upstream';
import { anyJson, anyText, ODD_NAMES } from './arbitraries';
import { expectAnswer, SECRET } from './expect-answer';
import { startDoor } from './front-door';
import { property } from './property';

const PATH = '/inner/v1/run';
const toParams = ({ query, body }: any) => ({ query, body });

let upstream: Awaited<ReturnType<typeof startUpstream>>;
let door: Awaited<ReturnType<typeof startDoor>>;

beforeAll(async () => {
  upstream = await startUpstream();
  const actions = {
    get: { method: 'GET', path: '/run', params: toParams },
    post: { method: 'POST', path: '/run', params: toParams },
  };
  const endpoints = `http://user:${SECRET}@127.0.0.1:${upstream.port}/inner/v1`;
  door = await startDoor({ root: { s: { endpoints, actions } } });
});

async function send(action: string, args: unknown) {
  upstream.requests.length = 0;
  const error = expectAnswer(await door.post(`s/${action}`, args));
  expect(upstream.requests).toHaveLength(error ? 0 : 1);
  if (error) return undefined;
  const { url, method, headers, body } = upstream.last;
  expect({ method: method.toLowerCase(), host: headers.host }).toEqual({
    method: action,
    host: `127.0.0.1:${upstream.port}`,
  });
  expect(url.split('?')[0]).toBe(PATH);
  return { query: new URL(url, 'http://upstream').searchParams, body: body.toString() };
}

const name = fc.oneof(fc.constantFrom(...ODD_NAMES), anyText).filter((text) => text.isWellFormed());
const texts = fc
  .array(fc.tuple(name, name), { maxLength: 5 })
  .map((pairs) => new Map(pairs))
  // axios trims names.
  .filter((pairs) => [...pairs.keys()].every((key) => key === key.trim()));

property(
  'I7: a query of texts arrives with every name and value, and is nothing but the query',
  texts,
  async (pairs) => {
    const sent = await send('get', { query: Object.fromEntries(pairs) });
    expect(new Map(sent?.query)).toEqual(pairs);
  },
);

property(
  'I5 I7: whatever the query, it is nothing but the query, or the call is refused',
  fc.record({ query: anyJson.value, body: anyJson.value }),
  async (args) => void (await send('get', args)),
);

property(
  'I5 I7: an object as body arrives whole, names of prototypes too',
  fc.record({ query: anyJson.value, body: anyJson.record }),
  async (args) => {
    const sent = await send('post', args);
    if (sent) expect(sent.body).toBe(JSON.stringify(JSON.parse(JSON.stringify(args.body))));
  },
);

property(
  'I5: any JSON as body arrives, or the call is refused',
  fc.record({ body: anyJson.value }),
  async (args) => void (await send('post', args)),
);
