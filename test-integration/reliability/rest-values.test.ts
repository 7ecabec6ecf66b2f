import type { Readable } from 'node:stream';
import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const JSON_TYPE = 'application/json; charset=utf-8';
const identity = (data: unknown) => data;

function answerWith(body: string | Buffer, type: string) {
  const headers = type === '' ? {} : { 'content-type': type };
  return startUpstream((_request, response) => response.writeHead(200, headers).end(body));
}

promise(
  'U7',
  'A JSON scalar keeps its value and its JSON type, and a string is never answered as a page.',
  (express) => {
    test.each<[string, unknown]>([
      ['"text"', 'text'],
      ['""', ''],
      ['"<script>alert(1)</script>"', '<script>alert(1)</script>'],
      ['0', 0],
      ['-12.5', -12.5],
      ['true', true],
      ['false', false],
    ])('%s', async (text, value) => {
      const upstream = await answerWith(text, 'application/json');
      const bodies = { method: 'POST', params: () => ({ body: {} }) } as const;
      for (const definition of [{}, { transformResponseData: identity }, bodies]) {
        for (const passThrough of [true, false]) {
          const config = { passThrough };
          const { post, call } = await startRestAction(upstream.url, definition, config, {
            express,
          });
          const answer = await post();
          expect(answer).toMatchObject({ status: 200, text });
          expect(answer.headers['content-type']).toBe(JSON_TYPE);
          expect((await call()).responseData).toBe(value);
        }
      }
    });

    test('text that a transform makes is JSON, whatever the type of the upstream', async () => {
      const upstream = await answerWith('<p>', 'text/html');
      const definition = { transformResponseData: () => '<script>' };
      const { post } = await startRestAction(upstream.url, definition, {}, { express });
      const answer = await post();
      expect(answer.text).toBe('"<script>"');
      expect(answer.headers['content-type']).toBe(JSON_TYPE);
    });

    test('text without a type is JSON too', async () => {
      const upstream = await answerWith('<script>', '');
      const { post } = await startRestAction(upstream.url, {}, {}, { express });
      const answer = await post();
      expect(answer.text).toBe('"<script>"');
      expect(answer.headers['content-type']).toBe(JSON_TYPE);
    });
  },
);

promise('U7', 'Upstream text keeps its type, with nosniff.', (express) => {
  test.each([
    ['text/plain', '{"a":1}'],
    ['text/csv; charset=utf-8; header=present', 'a,b'],
    ['text/html', '<p>'],
    ['text/css', 'p {}'],
    ['application/xml', '<a/>'],
    ['image/svg+xml', '<svg/>'],
  ])('%s', async (type, body) => {
    const upstream = await answerWith(body, type);
    const { post, call } = await startRestAction(upstream.url, {}, {}, { express });
    const answer = await post();
    expect(answer.text).toBe(body);
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
    });
    expect((await call()).responseData).toBe(body);
    const streaming = { responseType: 'stream' } as const;
    const stream = await startRestAction(upstream.url, streaming, {}, { express });
    expect((await stream.post()).headers).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
    });
    const { responseData } = await stream.call();
    expect(Buffer.concat(await (responseData as Readable).toArray()).toString()).toBe(body);
  });
});

promise(
  'U7',
  'Untransformed JSON keeps numbers beyond 2^53 digit for digit through the controller.',
  (express) => {
    test.each([
      '{"id":9007199254740993}',
      '[12345678901234567890123]',
      '{"price":1.10,"n":-0,"e":1e400}',
      '18446744073709551615',
      ' {"id": 9007199254740993 }\n',
    ])('%s', async (text) => {
      for (const type of [
        'application/json',
        'application/hal+json',
        'application/json; charset=UTF-8',
        '',
      ]) {
        const upstream = await answerWith(text, type);
        const { post } = await startRestAction(upstream.url, {}, {}, { express });
        expect(await post()).toMatchObject({ status: 200, text });
      }
    });
  },
);
