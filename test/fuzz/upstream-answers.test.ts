import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { startUpstream } from '../servers/start-upstream';
import { anyJson, anyText } from './arbitraries';
import { expectAnswer, SECRET } from './expect-answer';
import { startDoor } from './front-door';
import { headerName, headerText, isLegalName, isLegalText, KEPT_BACK } from './header-arbitraries';
import { property } from './property';

interface Given {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

let given: Given;
let askedOther: Record<string, unknown>[] = [];
let other: Awaited<ReturnType<typeof startUpstream>>;
let door: Awaited<ReturnType<typeof startDoor>>;

const KINDS = ['json', 'text', 'arraybuffer', 'stream'] as const;
const METHODS = ['GET', 'POST', 'HEAD'] as const;
const ACTIONS = ['any', ...KINDS, ...METHODS];

beforeAll(async () => {
  const upstream = await startUpstream((_request, response) => {
    upstream.requests.length = 0;
    response.writeHead(given.status, given.headers).end(given.body);
  });
  other = await startUpstream(({ headers }, response) => {
    askedOther.push(headers);
    response.end('{}');
  });
  const base = { path: '/run', proxyResponseHeaders: (headers: any) => headers };
  const actions = Object.fromEntries(
    ACTIONS.map((name) => {
      const method = METHODS.find((one) => one === name) ?? 'GET';
      const responseType = KINDS.find((one) => one === name);
      return [name, { ...base, method, ...(responseType && { responseType }) }];
    }),
  );
  const getAuthHeaders = () => ({ authorization: SECRET, 'x-own': SECRET });
  const endpoints = {
    path: `${upstream.url}/inner-place`,
    axiosConfig: { headers: { 'x-set-key': SECRET } },
  };
  door = await startDoor({ root: { s: { endpoints, actions, getAuthHeaders } } });
});

/** Bodies as upstreams write them, more or less. */
const member = fc.oneof(anyJson.value, fc.constant('x'.repeat(9000)), fc.string({ size: 'large' }));
const debugInfo = { '@type': 'type.googleapis.com/google.rpc.DebugInfo', detail: SECRET };
const errorBody = fc
  .record(
    {
      ...{ code: member, message: member, details: member, detail: member, type: member },
      status: member,
      debug: fc.constant(SECRET),
      stack: fc.constant(SECRET),
      requestId: fc.constant(SECRET),
    },
    { requiredKeys: [] },
  )
  .chain((body) =>
    fc.constantFrom(body, { ...body, details: [debugInfo, body.details] }, { error: SECRET }),
  );
const text = fc.oneof(
  { weight: 3, arbitrary: errorBody.map((body) => JSON.stringify(body)) },
  anyJson.value.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '',
    'null',
    SECRET,
    `<p>${SECRET}</p>`,
    `{"code":"${SECRET}`,
    '{"__proto__":{"a":1}}',
  ),
);
const bytes = fc.oneof(
  { weight: 4, arbitrary: text.map((one) => Buffer.from(one)) },
  fc.uint8Array({ maxLength: 40 }).map((one) => Buffer.from(one)),
  text.map((one) => Buffer.from(one, 'utf16le')),
);
const contentType = fc.oneof(
  { weight: 3, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    ...['', 'application/problem+json; charset=utf-8', 'text/html', 'text/plain; charset=x', '/'],
    ...[
      'application/octet-stream',
      'text/plain; charset=utf-16le',
      'application/grpc',
      ';;charset="',
    ],
  ),
  headerText.filter(isLegalText),
);
type Code = (body: Buffer) => [string, Buffer];
const coding = fc.constantFrom<Code>(
  ...Array<Code>(4).fill((body) => ['', body]),
  (body) => ['gzip', gzipSync(body)],
  (body) => ['br', brotliCompressSync(body)],
  (body) => ['gzip, gzip', gzipSync(gzipSync(body))],
  (body) => ['gzip', gzipSync(body).subarray(0, -4)],
  (body) => ['gzip', body],
  (body) => ['deflate', body],
  (body) => ['unheard-of', body],
);

const action = fc.constantFrom(...ACTIONS);
const failing = fc.oneof(
  fc.integer({ min: 400, max: 599 }),
  fc.constantFrom(400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504),
);

function ask(name: string, answer: Given) {
  given = answer;
  askedOther = [];
  return door.post(`s/${name}`, {});
}

property(
  'U8 X3: whatever an error is made of, its status, a code and a message are answered, and no secret',
  fc.record({ action, status: failing, contentType, coding, body: bytes }),
  async ({ action: name, status, contentType: type, coding: encode, body }) => {
    const [encoding, coded] = encode(body);
    const headers = {
      ...(type && { 'content-type': type }),
      ...(encoding && { 'content-encoding': encoding }),
    };
    const answer = await ask(name, { status, headers, body: coded });
    const error = expectAnswer(answer);
    expect(error?.status).toBe(status);
    expect(answer.text).not.toContain('inner-place');
  },
);

const anyStatus = fc.oneof(
  fc.integer({ min: 200, max: 999 }),
  fc.constantFrom(200, 204, 304, 302, 307),
);
const PLACES = [
  ...['/run', '/inner-place/run', '//evil.test', 'http:', 'http://', 'file:///etc/passwd'],
  ...['data:,x', ''],
];
const location = fc.oneof(
  fc.constantFrom(...PLACES),
  anyText.filter(isLegalText),
  fc.constant('other'),
);

property(
  'U5 U6: whatever the status, type, coding and place of an answer, it is 200 or a coded error',
  fc.record({ action, status: anyStatus, contentType, coding, location, body: bytes }),
  async ({ action: name, status, contentType: type, coding: encode, location: to, body }) => {
    const [encoding, coded] = encode(body);
    const headers = {
      ...(type && { 'content-type': type }),
      ...(encoding && { 'content-encoding': encoding }),
      location: to === 'other' ? other.url : to,
    };
    const [{ value: answer, reason }]: any = await Promise.allSettled([
      ask(name, { status, headers, body: coded }),
    ]);
    // A stream that breaks ends the connection.
    if (reason && name !== 'stream') throw reason;
    expect(JSON.stringify([answer?.headers, askedOther])).not.toContain(SECRET);
    if (answer?.status === 200) expect(status < 300 || askedOther.length === 1).toBe(true);
    else if (answer) {
      expectAnswer(answer);
      expect(answer.text).not.toContain('inner-place');
    }
  },
);

const NEVER = [
  'content-encoding',
  'trailer',
  'te',
  'http2-settings',
  'proxy-authorization',
  'x-hop',
];
/** What says how the answer itself is to be read, or is looked at by itself. */
const OWN = [
  ...['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'connection'],
  ...['set-cookie', 'x-hop', 'date', 'upgrade', 'trailer', 'keep-alive', 'expect', '__proto__'],
];
const sentName = headerName.filter((name) => {
  return isLegalName(name) && !OWN.includes(name.toLowerCase());
});
const sentHeaders = fc
  .array(fc.tuple(sentName, headerText.filter(isLegalText)), { maxLength: 4 })
  .map((pairs) => Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])));

property(
  'H4: headers of an upstream that are copied are those it sent, without what is kept back',
  fc.record({
    headers: sentHeaders,
    cookies: fc.array(headerText.filter(isLegalText), { minLength: 1, maxLength: 3 }),
  }),
  async ({ headers, cookies }) => {
    const answer = await ask('any', {
      status: 200,
      headers: {
        'content-type': 'application/json',
        ...headers,
        'set-cookie': cookies,
        connection: 'x-hop, close',
        'x-hop': 'hop',
      },
      body: Buffer.from('{"a":1}'),
    });
    expect(answer).toMatchObject({ status: 200, text: '{"a":1}' });
    const trimmed = (value: string) => value.replace(/^[ \t]+|[ \t]+$/g, '');
    expect(answer.headers['set-cookie']).toEqual(cookies.map(trimmed));
    for (const name of NEVER) expect(answer.headers).not.toHaveProperty([name]);
    for (const [name, value] of Object.entries(headers)) {
      const isKeptBack = KEPT_BACK.includes(name) || /^(proxy|grpc)-/.test(name);
      if (!isKeptBack) expect(answer.headers[name]).toBe(trimmed(value));
    }
  },
);
