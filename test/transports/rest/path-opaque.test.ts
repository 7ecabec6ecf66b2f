import { REFUSED, startPathAction } from './start-path-action';
import type { MakePath } from './start-path-action';

const texts: [string, MakePath][] = [
  ['a template', ({ x }) => `/${x}`],
  ['+', ({ x }) => '/' + x],
  ['toString', ({ x }) => `/${x.toString()}`],
  ['toLocaleString', ({ x }) => `/${x.toLocaleString()}`],
  ['join', ({ x }) => `/${[x].join()}`],
  ['latin1', ({ x }) => `/${x.toString('latin1')}`],
  ['subarray', ({ x }) => `/${x.subarray(0)}`],
  ['slice', ({ x }) => `/${x.slice(0)}`],
  ['a part of a part', ({ x }) => `/${x.subarray(0).slice(0).toString()}`],
];

test.each(texts)('I4: a Buffer shown by %s is checked as its text', async (_name, make) => {
  const { send } = await startPathAction();
  expect(await send(make, { x: Buffer.from('plain-1') })).toBe('/plain-1');
  expect(await send(make, { x: new Uint8Array(Buffer.from('plain-1')) })).toBe('/plain-1');
  for (const text of ['../canary', 'a/b', 'a?b', '%2e%2e', 'a\n']) {
    expect(await send(make, { x: Buffer.from(text) })).toBe(REFUSED);
  }
});

test('a Buffer is refused by what is shown of it, not by its bytes', async () => {
  const { send } = await startPathAction();
  const x = Buffer.from([0, 1, 0x2f, 0xff]);
  expect(await send((args) => `/${args.x.toString('hex')}`, { x })).toBe('/00012fff');
  expect(await send((args) => `/${args.x.length}/${args.x[2]}`, { x })).toBe('/4/47');
  expect(await send((args) => `/${args.x.toString('base64')}`, { x })).toBe(REFUSED);
  expect(await send((args) => `/${args.x.subarray(0, 1).toString('hex')}`, { x })).toBe('/00');
  expect(await send((args) => `/${args.x.utf8Slice()}`, { x })).toBe(REFUSED);
});

test('an empty Buffer counts as an empty argument', async () => {
  const { send } = await startPathAction();
  expect(await send((args) => `/items/${args.x}`, { x: Buffer.alloc(0) })).toBe(REFUSED);
});

test('the Buffer of the caller stays as it is', async () => {
  const { send } = await startPathAction();
  const x = Buffer.from('plain');
  await send((args) => `/${args.x.fill('z')}`, { x });
  expect(x.toString()).toBe('plain');
});

test.each<[string, MakePath, string]>([
  ['its ISO form', ({ x }) => `/${x.toISOString()}`, '/1970-01-01T00:00:00.000Z'],
  ['its JSON form', ({ x }) => `/${x.toJSON()}`, '/1970-01-01T00:00:00.000Z'],
  ['its time', ({ x }) => `/${x.getTime()}`, '/0'],
  ['a number', ({ x }) => `/${+x}`, '/0'],
  ['the object itself', ({ x }) => `/${x}`, REFUSED],
  ['the object itself, added', ({ x }) => '/' + x, REFUSED],
])('a date is shown as %s', async (_name, make, expected) => {
  const { send } = await startPathAction();
  expect(await send(make, { x: new Date(0) })).toBe(expected);
});
