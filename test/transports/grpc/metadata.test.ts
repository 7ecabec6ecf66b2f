import type { Metadata } from '@grpc/grpc-js';
import { createRecordingContext } from '../../fakes/recording-context';
import { recordingMethod, startGrpcAction } from '../../servers/start-grpc-action';
import { failureOf } from '../../servers/start-rest-action';

const refused = {
  host: 'inner',
  te: 'gzip',
  connection: 'keep-alive, x-hop',
  'keep-alive': 'timeout=5',
  upgrade: 'websocket',
  'transfer-encoding': 'chunked',
  trailer: 'x-a',
  expect: '100-continue',
  'content-length': '5',
  'content-type': 'text/html',
  'content-encoding': 'gzip',
  'accept-encoding': 'br',
  'proxy-connection': 'close',
  'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA',
  'grpc-timeout': '1n',
  'grpc-encoding': 'snappy',
  'grpc-accept-encoding': 'none',
  'name!with*tokens': 'x',
};
const kept = { 'x-kept': 'yes', 'x-from_a.b': 'yes' };

type Start = (headers: object) => { config?: object; action?: object; ctx?: object };
const places: [string, Start][] = [
  ['the ctx', (headers) => ({ ctx: headers })],
  ['proxyHeaders', (headers) => ({ config: { proxyHeaders: () => headers } })],
  ['names', (headers) => ({ action: { proxyHeaders: Object.keys(headers) } })],
  ['getAuthHeaders', (headers) => ({ config: { getAuthHeaders: () => headers } })],
  ['params', (headers) => ({ action: { params: () => ({ headers }) } })],
  ['copying proxyHeaders', () => ({ config: { proxyHeaders: (headers: object) => headers } })],
  [
    'copying params',
    () => ({ action: { params: (_args: unknown, headers: object) => ({ headers }) } }),
  ],
];

async function send(start: Start, headers: object): Promise<Metadata> {
  const get = recordingMethod();
  const { config = {}, action = {}, ctx: metadata = {} } = start(headers);
  const gateway = await startGrpcAction({ Get: get.method }, action, config);
  const { ctx } = createRecordingContext({ getMetadata: () => metadata as never });
  await gateway.call({ ctx, headers });
  return get.last.metadata;
}

test.each(places)('H2 refused names from %s never break a call', async (_name, start) => {
  const sent = await send(start, { ...refused, ...kept });
  expect(sent.getMap()).toMatchObject(kept);
  for (const [name, value] of Object.entries(refused)) expect(sent.get(name)).not.toContain(value);
});

test.each(['copying proxyHeaders', 'copying params'])(
  'H1 %s drop what of the request cannot be a header, and the call goes on',
  async (place) => {
    const [, start] = places.find(([name]) => name === place)!;
    const headers = {
      ...kept,
      ':path': '/a',
      'x-bad': 'a\r\nb',
      'x-wide': '\u0416',
      'x hole': 'a',
    };
    const sent = await send(start, headers);
    expect(sent.getMap()).toMatchObject(kept);
    expect(['x-bad', 'x-wide'].flatMap((name) => sent.get(name))).toEqual([]);
  },
);

test.each(['proxyHeaders', 'getAuthHeaders', 'params'])(
  'H1 an illegal value made by %s is 500 INVALID_HEADER, and nothing is sent',
  async (place) => {
    const get = recordingMethod();
    const [, start] = places.find(([name]) => name === place)!;
    const { config, action } = start({ 'x-bad': 'secret\r\nvalue' });
    const gateway = await startGrpcAction({ Get: get.method }, action, config);
    const { error } = await failureOf(gateway.call());
    expect(error).toMatchObject({ status: 500, code: 'INVALID_HEADER' });
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(get.calls).toEqual([]);
  },
);

const makers = places.filter(([name]) => !/names|copying/.test(name));
const bytes = Buffer.from([0, 255, 10, 13, 128]);

test.each(makers)('H3 -bin metadata from %s is base64', async (_name, start) => {
  const sent = await send(start, { 'trace-bin': bytes.toString('base64') });
  expect(sent.get('trace-bin')).toEqual([bytes]);
});

test.each(['*', 'a', 'YWI=c', '====', 'YQ===', 'YW I='])(
  'H3 %j is no base64, and dropped',
  async (value) => {
    const [, start] = makers.at(-1)!;
    const sent = await send(start, { 'trace-bin': value, 'x-kept': 'yes' });
    expect(sent.get('trace-bin')).toEqual([]);
    expect(sent.get('x-kept')).toEqual(['yes']);
  },
);

test.each<[unknown, string[]]>([
  [7, ['7']],
  [0, ['0']],
  [true, ['true']],
  [false, ['false']],
  [null, []],
  [undefined, []],
  ['', ['']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    [1, null, true],
    ['1', 'true'],
  ],
  [[], []],
  ['h\u00e9', ['h%C3%A9']],
])('H3 a value %j goes as %j', async (value, expected) => {
  for (const [, start] of makers) {
    const sent = await send(start, { 'x-value': value });
    // HTTP/2 of Node reads several values as one text.
    expect(sent.get('x-value')).toEqual(expected.length > 1 ? [expected.join(', ')] : expected);
  }
});

test('H3 an array of -bin values adds several', async () => {
  const [, start] = makers.at(-1)!;
  const sent = await send(start, { 'trace-bin': ['YQ==', '?', 'Yg'] });
  expect(sent.get('trace-bin')).toEqual([Buffer.from('a'), Buffer.from('b')]);
});

test('H3 of several values for a header that HTTP has once, the first is sent', async () => {
  const [, start] = makers.at(-1)!;
  const sent = await send(start, { authorization: ['a', 'b'], referer: ['a', 'b'], 'x-kept': 'y' });
  expect(sent.getMap()).toMatchObject({ authorization: 'a', referer: 'a', 'x-kept': 'y' });
});

test('metadata too large for the connection is a coded failure', async () => {
  const get = recordingMethod();
  const params = () => ({ headers: { 'x-large': 'a'.repeat(200_000) } });
  const { post } = await startGrpcAction({ Get: get.method }, { params, timeout: 5000 });
  const answer = await post();
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.json).toMatchObject({ code: 'GATEWAY_REQUEST_ERROR', message: expect.any(String) });
});
