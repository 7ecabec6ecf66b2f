import { REFUSED, startPathAction } from './start-path-action';

const unsafe: [string, string][] = [
  ['dot-dot', '..'],
  ['dot-dot inside', 'a..b'],
  ['a single dot', '.'],
  ['a slash', 'a/b'],
  ['a backslash', 'a\\b'],
  ['a question mark', 'a?b'],
  ['a hash', 'a#b'],
  ['a line feed', 'a\nb'],
  ['a tab', '.\t.'],
  ['NUL', 'a\0'],
  ['DEL', 'a\u007f'],
  ['a C1 control', 'a\u0085b'],
  ['a high surrogate alone', 'a\ud800'],
  ['a low surrogate alone', '\udc00a'],
  ['an encoded slash', 'a%2fb'],
  ['an encoded backslash', 'a%5Cb'],
  ['an encoded dot-dot', '%2e%2E'],
  ['a dot-dot encoded by half', '.%2e'],
  ['an encoded single dot', '%2E'],
  ['an encoded question mark', 'a%3Fb'],
  ['an encoded hash', 'a%23'],
  ['an encoded NUL', '%00'],
  ['an encoded line feed', 'a%0a'],
  ['an overlong slash', '%c0%af'],
  ['bytes that are no UTF-8', '%ff'],
  ['the marker itself', 'GATEWAY_INVALID_PARAM_VALUE'],
];

describe.each([
  ['as it is', {}, {}],
  ['with a validationSchema', { validationSchema: { type: 'object' } }, {}],
  ['with encodePathArgs false', {}, { encodePathArgs: false }],
])('I3: %s, an argument', (_name, definition, config) => {
  test.each(unsafe)(
    'with %s ends the call with 400 before anything is sent',
    async (_of, value) => {
      const { send, upstream } = await startPathAction(definition, config);
      expect(await send(({ id }) => `/items/${id}`, { id: value })).toBe(REFUSED);
      expect(await send(({ a }) => `/items/${a.b[0].c}`, { a: { b: [{ c: value }] } })).toBe(
        REFUSED,
      );
      expect(await send((args) => `/items/${Object.keys(args)[0]}`, { [value]: 1 })).toBe(REFUSED);
      expect(upstream.requests).toHaveLength(0);
    },
  );
});

test('I3: the refusal goes to the browser too, and does not tell the value', async () => {
  const { post, use, upstream } = await startPathAction();
  use(({ id }) => `/items/${id}`);
  const answer = await post({ id: '../canary' });
  expect(answer).toMatchObject({
    status: 400,
    json: { status: 400, code: 'GATEWAY_INVALID_PARAM_VALUE', message: expect.any(String) },
  });
  expect(answer.text).not.toContain('canary');
  expect(upstream.requests).toHaveLength(0);
});

test.each([
  ['plain text', 'abc', 'abc'],
  ['a space', 'a b', 'a%20b'],
  ['separators of queries', 'a&b=c+d', 'a%26b%3Dc%2Bd'],
  ['a percent sign', '100%', '100%25'],
  ['text that is encoded already', 'a%20b', 'a%2520b'],
  ['a slash encoded twice', 'a%252Fb', 'a%25252Fb'],
  ['letters of any script', 'дом', encodeURIComponent('дом')],
  ['a pair of surrogates', '\u{1f600}', encodeURIComponent('\u{1f600}')],
  ['dots that lead nowhere', '.a.b.', '.a.b.'],
  ['a slash that only looks like one', 'a\uff0fb', encodeURIComponent('a\uff0fb')],
  ['a number', -1.5, '-1.5'],
  ['a boolean', false, 'false'],
])('%s arrives encoded once', async (_name, id, shown) => {
  const { send } = await startPathAction();
  expect(await send((args) => `/items/${args.id}`, { id })).toBe(`/items/${shown}`);
});

test.each([
  ['separators of queries', 'a&b=c', 'a&b=c'],
  ['an escape', 'a%20b', 'a%20b'],
])('encodePathArgs false sends %s as given', async (_name, id, shown) => {
  const { send } = await startPathAction({}, { encodePathArgs: false });
  expect(await send((args) => `/items?id=${args.id}`, { id })).toBe(`/items?id=${shown}`);
});

describe('pathArgs: segments', () => {
  const pathArgs = { file: 'segments' } as const;

  test.each([
    ['a/b c/d', '/a/b%20c/d'],
    ['a', '/a'],
    ['a/../b', REFUSED],
    ['a/./b', REFUSED],
    ['/a', REFUSED],
    ['a/', REFUSED],
    ['a//b', REFUSED],
    ['a%2Fb', REFUSED],
    ['a/b?c', REFUSED],
    ['a\\b/c', REFUSED],
    ['a/%2e%2e/b', REFUSED],
  ])('admits slashes in that argument: %s', async (file, expected) => {
    const { send } = await startPathAction({ pathArgs });
    expect(await send((args) => `/${args.file}`, { file })).toBe(expected);
    expect(await send(({ ...rest }) => `/${rest.file}`, { file })).toBe(expected);
    expect(await send((args) => `/${{ ...args }.file}`, { file })).toBe(expected);
  });

  test('but not in others, and not below it', async () => {
    const { send } = await startPathAction({ pathArgs });
    expect(await send((args) => `/${args.other}`, { other: 'a/b' })).toBe(REFUSED);
    expect(await send((args) => `/${args.file[0]}`, { file: ['a/b'] })).toBe(REFUSED);
    expect(await send((args) => `/${args.in.file}`, { in: { file: 'a/b' } })).toBe(REFUSED);
  });
});

describe('I3: a path function that only compares', () => {
  test.each([
    ['===', (args: any) => (args.id === 'a' ? '/a' : '/other')],
    ['a switch', (args: any) => ({ a: '/a' })[args.id as 'a'] ?? '/other'],
    ['includes', (args: any) => (['a', 'b'].includes(args.id) ? '/a' : '/other')],
    ['a length', (args: any) => (args.id.length > 0 ? '/other' : '/none')],
    ['in', (args: any) => ('id' in args ? '/other' : '/none')],
  ])('with %s may read an unsafe value', async (_name, make) => {
    const { send } = await startPathAction();
    expect(await send(make, { id: '../canary' })).toBe('/other');
  });
});

test.each([
  ['toLowerCase', (id: string) => id.toLowerCase(), REFUSED],
  ['toUpperCase', (id: string) => id.toUpperCase(), REFUSED],
  ['encodeURIComponent', (id: string) => encodeURIComponent(id), REFUSED],
  ['decodeURIComponent', (id: string) => decodeURIComponent(id), REFUSED],
  ['slice', (id: string) => id.slice(0, 7), '/GATEWAY'],
  ['replace', (id: string) => id.replace('GATEWAY_', ''), '/INVALID_PARAM_VALUE'],
  ['split', (id: string) => id.split('_')[1], '/INVALID'],
])('I3: a marker changed by %s carries nothing of the value', async (_name, change, expected) => {
  const { send } = await startPathAction();
  expect(await send(({ id }) => `/${change(id)}`, { id: '../canary/%2e' })).toBe(expected);
});

test('I3: a path function that throws or changes the args sends nothing', async () => {
  const { send, upstream } = await startPathAction();
  const args = Object.freeze({ id: 'a' });
  expect(await send((given) => `/${(given.id = 'b')}`, args)).toBe('500 GATEWAY_REQUEST_ERROR');
  expect(await send((given) => `/${given.no.id}`, args)).toBe('500 GATEWAY_REQUEST_ERROR');
  expect(await send(() => undefined, args)).toBe('500 INVALID_PATH');
  expect(upstream.requests).toHaveLength(0);
});
