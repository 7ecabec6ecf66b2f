import { Readable } from 'node:stream';
import { aggregate, optional, required, settle } from '../../lib';
import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';
import { watchProcess } from '../servers/watch-process';
import { startPage } from './start-page';

watchProcess();

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '0'];

test.each(NAMES)('I7: a part may be called %s, and does no harm', async (name) => {
  const { post } = await startPage((api) =>
    settle(api, {
      [name]: required(() => ({ polluted: true })),
      [`${name}2`]: optional(() => Promise.reject(new Error()), { fallback: 'none' }),
    }),
  );
  const { json, text } = await post();
  expect(Object.entries(json.data)).toEqual([
    [name, { polluted: true }],
    [`${name}2`, 'none'],
  ]);
  expect(json.errors).toMatchObject([{ key: `${name}2` }]);
  expect(text).toContain(`"${name}":{"polluted":true}`);
  expect(({} as any).polluted).toBeUndefined();
});

test.each(NAMES)('the failure of a part called %s names it', async (name) => {
  const { post } = await startPage((api) =>
    settle(api, { [name]: required(() => Promise.reject(new Error('Broken'))) }),
  );
  expect((await post()).json.details).toEqual({ part: name });
});

test.each<[string, unknown, string]>([
  ['a function', () => 1, '"user"'],
  ['null', null, '"user"'],
  ['undefined', undefined, '"user"'],
  ['what looks like a part', { run: () => 1, isRequired: true, timeoutMs: 0 }, '"user"'],
])('%s is no part', async (_name, part, key) => {
  const parts: any = { fine: required(() => 1), user: part };
  const text = new RegExp(`the part ${key} must be required\\(function\\) or optional`);
  expect(() => aggregate({ parts })).toThrow(text);
  expect(() => aggregate({ parts })).toThrow(TypeError);
  await expect(settle({}, parts)).rejects.toThrow(text);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a list', [required(() => 1)]],
  ['a function', () => ({ user: required(() => 1) })],
  ['a text', 'user'],
])('%s is no object of parts', async (_name, parts: any) => {
  expect(() => aggregate({ parts })).toThrow(/aggregate: parts must be an object/);
  await expect(settle({}, parts)).rejects.toThrow(/settle: parts must be an object/);
});

test.each<[string, () => unknown, RegExp]>([
  ['no function', () => required(undefined as never), /required: expected a function/],
  ['a promise', () => optional(Promise.resolve() as never), /optional: expected a function/],
  [
    'an unknown option',
    () => required(() => 1, { fallback: 1 } as never),
    /required: there is no option fallback/,
  ],
  ['a negative time', () => required(() => 1, { timeoutMs: -1 }), /timeoutMs must be a number/],
  ['a time that is a text', () => optional(() => 1, { timeoutMs: '8' as never }), /timeoutMs must/],
  ['NaN', () => optional(() => 1, { timeoutMs: NaN }), /timeoutMs must be/],
  ['options that are none', () => optional(() => 1, 800 as never), /must be an object/],
])('%s is refused where the part is made', (_name, make, text) => {
  expect(make).toThrow(text);
});

test.each([0, Infinity, undefined])('a time of %p is no limit', async (timeoutMs) => {
  const soon = () => new Promise((resolve) => setTimeout(resolve, 20, 'done'));
  const { data } = await settle({}, { user: required(soon, { timeoutMs }) });
  expect(data).toEqual({ user: 'done' });
});

test('a helper that is not called is told when the gateway is built', async () => {
  const build = startGateway({ root: { pages: { actions: { page: aggregate as never } } } });
  await expect(build).rejects.toThrow(/root\.pages\.page is a helper that is not called/);
});

type Started = Awaited<ReturnType<typeof startPage>>;

test.each<[string, (api: any) => unknown, (page: Started, stream: Readable) => boolean]>([
  ['of bytes', (api) => api.s.download(), ({ service }) => service.hanging.size > 0],
  ['of gRPC', (api) => api.items.watch({}), ({ items }) => items.hanging.size > 0],
  [
    'that the function made',
    () => new Readable({ read: () => undefined }),
    (_page, stream) => !stream.destroyed,
  ],
])('R5: a stream %s is no part: 501, and it ends', async (_name, run, isOpen) => {
  let stream!: Readable;
  const open = async (api: any) => {
    stream = (await run(api)) as Readable;
    await eventually(() => isOpen(page, stream));
    return stream;
  };
  const page = await startPage((api, { isRequired }) =>
    settle(api, {
      user: required(() => 'ada'),
      stream: isRequired ? required(open) : optional(open),
    }),
  );
  const error = { code: 'STREAM_NOT_SUPPORTED', status: 501 };
  expect(await page.post({ isRequired: true })).toMatchObject({
    status: 501,
    json: { ...error, details: { part: 'stream' } },
  });
  await eventually(() => !isOpen(page, stream));
  expect((await page.post()).json).toEqual({
    data: { user: 'ada', stream: null },
    errors: [{ key: 'stream', ...error }],
  });
  await eventually(() => !isOpen(page, stream));
});
