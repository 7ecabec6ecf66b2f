import fc from 'fast-check';
import { startUpstream } from '../servers/start-upstream';
import { anyJson, anyText } from './arbitraries';
import { expectAnswer, SECRET } from './expect-answer';
import { startDoor } from './front-door';
import { PATH_SHAPES, PATH_USES } from './path-shapes';
import { property } from './property';

const BASE = '/inner/v1';
const REFUSED = 'GATEWAY_INVALID_PARAM_VALUE';
const ACTION = { method: 'GET', path: (args: any) => path(args) };

let path: (args: any) => unknown;
let upstream: Awaited<ReturnType<typeof startUpstream>>;
let doors: Record<'encoding' | 'plain', Awaited<ReturnType<typeof startDoor>>>;

beforeAll(async () => {
  upstream = await startUpstream();
  const endpoints = `http://user:${SECRET}@127.0.0.1:${upstream.port}${BASE}`;
  const schemas = { root: { s: { endpoints, actions: { run: ACTION } } } };
  doors = {
    encoding: await startDoor(schemas),
    plain: await startDoor(schemas, { encodePathArgs: false }),
  };
});

const door = fc.constantFrom<keyof typeof doors>('encoding', 'plain');

/** What the upstream saw below the base path; undefined where it saw nothing. */
function readSent(): string | undefined {
  expect(upstream.requests.length).toBeLessThanOrEqual(1);
  const [request] = upstream.requests.splice(0);
  if (!request) return undefined;
  expect(request.headers.host).toBe(`127.0.0.1:${upstream.port}`);
  const { pathname, hash } = new URL(request.url, 'http://upstream');
  expect(request.url.split('?')[0]).toBe(pathname);
  expect(hash).toBe('');
  expect(`${pathname}/`.startsWith(`${BASE}/`)).toBe(true);
  return request.url.slice(BASE.length);
}

const shape = fc.constantFrom(...Object.keys(PATH_SHAPES));
const use = fc.constantFrom(...Object.keys(PATH_USES));

property(
  'I3 I4: whatever the values, shapes and ways of use, nothing leaves its segment',
  fc.record({ door, shape, use, x: anyText, y: anyText }),
  async ({ door: by, shape: shaped, use: used, x, y }) => {
    // A path function that makes other characters of those that it was given answers for them.
    fc.pre(by === 'encoding' || used !== 'NFKC');
    const [wrap, get] = PATH_SHAPES[shaped]!;
    path = (args) => `/items/${PATH_USES[used]!(get(args.x), get(args.y))}/end`;
    const answer = await doors[by].call('s/run', { args: { x: wrap(x), y: wrap(y) } });
    const error = expectAnswer(answer);
    const sent = readSent();
    expect(sent === undefined).toBe(error !== undefined);
    if (error) expect([REFUSED, 'GATEWAY_REQUEST_ERROR']).toContain(error.code);
    else expect(sent).toMatch(/^\/items\/[^/?#]*\/end$/);
  },
);

/** What I3 says of one value; undefined where it does not decide. */
function isSafe(value: string): boolean | undefined {
  if (value === '' || new RegExp(REFUSED, 'i').test(value)) return false;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  const unsafe = /\.\.|^\.$|[/\\?#\u0000-\u001f\u007f-\u009f]/;
  if (unsafe.test(value) || !value.isWellFormed()) return false;
  const decoded = value.replace(/%([0-7][0-9a-f])/gi, (_, hex) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  if (unsafe.test(decoded)) return false;
  return /%[89a-f]/i.test(value) ? undefined : true;
}

const WAYS: ((x: any) => string)[] = [
  (x) => x.one,
  ({ one }) => one,
  (x) => x.list[0],
  ({ list: [first] }) => first,
  (x) => x.list.join('-'),
  (x) => x.list.map((item: string) => item).join(),
  (x) => x.deep.er[0].member,
  (x) => Object.keys(x.byName)[0]!,
  (x) => Object.values(x.named).join(''),
  (x) => ({ ...x }).one,
];

property(
  'I3: a value is sent as it is, encoded, exactly if no rule is against it, and is told to nobody',
  fc.record({ door, way: fc.constantFrom(...WAYS), text: anyText, tail: fc.constantFrom('', 'a') }),
  async ({ door: by, way, text, tail }) => {
    const one = text + tail;
    const [list, byName, named] = [[one], { [one]: 1 }, { member: one }];
    path = (args) => `/items/${way(args)}/end`;
    const args = { one, list, byName, named, deep: { er: [{ member: one }] } };
    const answer = await doors[by].post('s/run', args);
    const error = expectAnswer(answer);
    const sent = readSent();
    if (isSafe(one) !== undefined) expect(error === undefined).toBe(isSafe(one));
    if (error) expect({ ...error, sent }).toMatchObject({ status: 400, code: REFUSED });
    if (error) expect(sent).toBeUndefined();
    else if (by === 'encoding') expect(sent).toBe(`/items/${encodeURIComponent(one)}/end`);
    else expect(sent).toBe(new URL(`http://upstream/items/${one}/end`).pathname);
  },
);

const canary = 'Value-Of-The-Caller';

property(
  'I3: of a value that is refused nothing is left, whatever is made of its marker',
  fc.record({ door, use, bad: fc.constantFrom('..', '/', '\\', '?', '#', '\n', '%2f', '\ud800') }),
  async ({ door: by, use: used, bad }) => {
    const one = canary + bad + canary;
    path = ({ x }) => `/items/${PATH_USES[used]!(x, '')}/end`;
    const answer = await doors[by].post('s/run', { x: one });
    expectAnswer(answer);
    const shown = [readSent(), answer.text, ...answer.logs!].join().toLowerCase();
    expect(shown).not.toContain(canary.toLowerCase());
  },
);

const MANY: ((x: any) => unknown)[] = [
  ({ a, b }) => `/items/${a}/of/${b}`,
  ({ a, b }) => `/items/${a}?b=${b}`,
  ({ a, b }) => `/items/${[a, b].join('/')}`,
  ({ a }) => `/items/${a.b}/of/${a[0]}`,
  ({ a, ...rest }) => `/${a}/${Object.values(rest).join('/')}`,
  (x) => x.a,
  (x) => `${x.a}`,
  (x) => `/${Object.keys(x.a).concat(x.b).join('')}`,
  (x) => `/${JSON.stringify(x)}`,
  (x) => `/${x.a?.b ?? x.b}/${x.a?.length}`,
];

property(
  'I3 I4: whatever the args, a path of several is below the base path, or nothing is sent',
  fc.record({ door, make: fc.constantFrom(...MANY), a: anyJson.value, b: anyJson.value }),
  async ({ door: by, make, a, b }) => {
    path = make;
    const error = expectAnswer(await doors[by].post('s/run', { a, b }));
    expect(readSent() === undefined).toBe(error !== undefined);
  },
);
