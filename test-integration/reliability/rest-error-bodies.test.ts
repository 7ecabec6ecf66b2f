import { gzipSync } from 'node:zlib';
import { rawHttp, startRawAnswer } from '../../test/servers/start-raw-answer';
import { failureOf, startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

const JSON_TYPE = { 'content-type': 'application/json' };
const TYPES = ['json', 'text', 'arraybuffer', 'stream'] as const;
const KIB = 1024;

function failWith(body: string | Buffer, headers: object = JSON_TYPE, status = 422) {
  return startUpstream((_request, response) =>
    response.writeHead(status, { ...headers }).end(body),
  );
}

promise(
  'U8',
  'An error body of any shape gives the status of the upstream, a string code and a message.',
  (express) => {
    test.each<[string, string | Buffer]>([
      ['nothing', ''],
      ['null', 'null'],
      ['a number', '12'],
      ['a string', '"text"'],
      ['a list', '[1,{"code":"no"}]'],
      ['an empty object', '{}'],
      ['broken JSON', '{"code":'],
      ['a page', '<html><body>nginx</body></html>'],
      ['odd members', '{"code":{"a":1},"message":[2],"details":[null],"detail":7,"type":[]}'],
      ['null members', '{"code":null,"message":null,"details":null,"detail":null}'],
      ['members of prototypes', '{"__proto__":{"code":"X"},"constructor":1,"toString":2}'],
      ['bytes', Buffer.from([0xff, 0x00, 0xfe, 0x7b])],
      ['deep', '{"details":'.repeat(3000) + '1' + '}'.repeat(3000)],
    ])('%s', async (_kind, body) => {
      const { url } = await failWith(body);
      for (const responseType of TYPES) {
        const action = await startRestAction(url, { responseType }, {}, { express });
        await expectFailure(action, { status: 422, code: 'GATEWAY_REQUEST_ERROR' });
      }
      expect(({} as { code?: unknown }).code).toBeUndefined();
    });

    test.each([400, 401, 403, 404, 409, 418, 429, 499, 500, 502, 503, 504, 599])(
      'status %d',
      async (status) => {
        const { url } = await failWith('{"code":7,"message":"m"}', JSON_TYPE, status);
        const action = await startRestAction(url, {}, {}, { express });
        expect((await expectFailure(action, { status, code: '7' })).json.message).toBe('m');
      },
    );

    test.each([
      ['is cut short', `content-length: 99\r\n\r\n{"code":"X"}`],
      ['is longer than declared', `content-length: 2\r\n\r\n{}more`],
      ['is corrupt in its coding', `content-encoding: gzip\r\ncontent-length: 4\r\n\r\noops`],
      ['is in an unknown coding', `content-encoding: magic\r\ncontent-length: 4\r\n\r\noops`],
      ['breaks in its chunks', `transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ])('a body that %s leaves the status', async (_how, rest) => {
      const { url } = await startRawAnswer(`HTTP/1.1 503 X\r\n${rest}`);
      for (const responseType of TYPES) {
        const action = await startRestAction(url, { responseType }, {}, { express });
        await expectFailure(action, { status: 503, code: 'GATEWAY_REQUEST_ERROR' });
      }
    });
  },
);

promise('U8', 'The message has at most 8 KB, whatever the upstream says.', (express) => {
  test.each([
    ['letters', 'm'],
    ['Cyrillic', '\u0436'],
    ['emoji', '\u{1f600}'],
    ['control characters', '\u0001'],
  ])('%s', async (_kind, letter) => {
    const long = letter.repeat(50_000);
    for (const body of [{ message: long }, { detail: { Description: long } }, { detail: long }]) {
      const { url } = await failWith(JSON.stringify({ code: 'LONG', ...body }));
      const { post, call } = await startRestAction(url, {}, {}, { express });
      const answer = await post();
      expect(answer.status).toBe(422);
      expect(answer.body.length).toBeLessThan(64 * KIB);
      const { error } = await failureOf(call());
      for (const message of [answer.json.message, error.message] as string[]) {
        expect(message.length).toBeGreaterThan(100);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(8 * KIB);
        expect(message.isWellFormed()).toBe(true);
      }
    }
  });

  test('a reason phrase of 15 KB ends up in a small answer', async () => {
    const { url } = await startRawAnswer(
      `HTTP/1.1 500 ${'x'.repeat(15 * KIB)}\r\ncontent-length: 2\r\n\r\n{}`,
      'stay',
    );
    const action = await startRestAction(url, {}, {}, { express });
    const answer = await expectFailure(action, { status: 500, code: 'GATEWAY_REQUEST_ERROR' });
    expect(answer.body.length).toBeLessThan(64 * KIB);
  });
});

promise('U8', 'The details of an error may be of any type.', (express) => {
  test.each<[unknown, object]>([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [
      { title: 'own', description: 'own' },
      { title: 'own', description: 'own' },
    ],
    [['a', null, 1], { details: ['a', null, 1] }],
    [[], { details: [] }],
    ['text', { details: 'text' }],
    [7, { details: 7 }],
    [false, { details: false }],
    [null, {}],
    [[{ type: 'T', message: 'inner' }], { title: 'T', description: 'inner' }],
  ])('%j', async (details, expected) => {
    const { url } = await failWith(JSON.stringify({ code: 'X', details }));
    const { post, call } = await startRestAction(url, {}, {}, { express });
    expect((await post()).json).toMatchObject({ status: 422, code: 'X', details: expected });
    const { error } = await failureOf(call());
    expect(error.details).toMatchObject({ title: expect.any(String), ...expected });
  });
});

const known = { code: 'KNOWN', message: 'known', details: { a: 1 } };

/** JSON of `known` with so many bytes. */
function paddedTo(bytes: number): string {
  const bare = JSON.stringify({ ...known, padding: '' });
  return bare.replace('"padding":""', `"padding":"${'x'.repeat(bytes - bare.length)}"`);
}

promise(
  'U8',
  'Error bodies of stream and arraybuffer actions are read up to 64 KB and parsed.',
  (express) => {
    test.each(['arraybuffer', 'stream'] as const)('%s', async (responseType) => {
      const start = (url: string) => startRestAction(url, { responseType }, {}, { express });
      for (const [body, headers] of [
        [JSON.stringify(known), JSON_TYPE],
        [JSON.stringify(known), { 'content-type': 'application/octet-stream' }],
        [JSON.stringify(known), {}],
        [gzipSync(JSON.stringify(known)), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
        [paddedTo(64 * KIB), JSON_TYPE],
      ] as const) {
        const action = await start((await failWith(body, headers)).url);
        const answer = await expectFailure(action, { status: 422, code: 'KNOWN' });
        expect(answer.json).toMatchObject(known);
      }
      const over = await start((await failWith(paddedTo(64 * KIB + 1))).url);
      await expectFailure(over, { status: 422, code: 'GATEWAY_REQUEST_ERROR' });
    });

    test.each(['arraybuffer', 'stream'] as const)('%s without an end', async (responseType) => {
      const { url } = await startRawAnswer(
        `${rawHttp.chunked.replace('200 OK', '500 X')}ffffff\r\n${'x'.repeat(200_000)}`,
        'stay',
      );
      const action = await startRestAction(url, { responseType }, {}, { express });
      await expectFailure(action, { status: 500, code: 'GATEWAY_REQUEST_ERROR' });
    });
  },
);
