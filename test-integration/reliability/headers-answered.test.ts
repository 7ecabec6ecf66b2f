import { gzipSync } from 'node:zlib';
import { Metadata } from '@grpc/grpc-js';
import type { ProxyResponseHeaders } from '../../lib';
import type { Answer } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { PATHS, startKinds } from './start-kinds';

checkLeaks();

const COOKIES = ['a=1; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'b=2; HttpOnly'];

/** Values that nothing else would answer. */
const NEVER: Record<string, string> = {
  connection: 'x-hop, close',
  'x-hop': 'upstream',
  'keep-alive': 'timeout=77',
  'proxy-authenticate': 'Basic',
  'proxy-own': 'upstream',
  trailer: 'x-upstream',
  te: 'trailers',
  upgrade: 'h2c',
  'content-encoding': 'gzip',
  'transfer-encoding': 'chunked',
  'http2-settings': 'upstream',
};
const KEPT = { 'x-one': 'one', 'x-number': '5' };

const answer: Answer = (_request, response) => {
  response.writeHead(200, { ...NEVER, ...KEPT, 'set-cookie': COOKIES });
  response.end(gzipSync('{"itemId":"a"}'));
};

function createTrailer(): Metadata {
  const trailer = new Metadata();
  // The rest cannot be in the metadata of a gRPC server.
  const { 'proxy-own': own, 'proxy-authenticate': basic, 'content-encoding': gzip } = NEVER;
  const never = { 'proxy-own': own, 'proxy-authenticate': basic, 'content-encoding': gzip };
  for (const [name, value] of Object.entries({ ...never, ...KEPT })) trailer.set(name, value ?? '');
  for (const cookie of COOKIES) trailer.add('set-cookie', cookie);
  return trailer;
}

/** What came back to the caller by the way. */
async function start(express: 4 | 5, proxyResponseHeaders: ProxyResponseHeaders | undefined) {
  const definition = proxyResponseHeaders && { proxyResponseHeaders };
  const options = { answer, trailer: createTrailer(), ...(definition && { definition }) };
  const { post, call } = await startKinds(express, options);
  return async ([kind, door]: (typeof PATHS)[number]): Promise<Record<string, any>> => {
    if (door === 'api') return (await call(kind, {})).responseHeaders ?? {};
    const { status, json, headers } = await post(kind);
    expect({ status, json }).toMatchObject({ status: 200, json: { itemId: 'a' } });
    return headers;
  };
}

const everything = [...Object.keys(NEVER), 'content-length', 'grpc-status', 'grpc-message'];
const ALL: [string, ProxyResponseHeaders][] = [
  ['names', [...everything, ...Object.keys(KEPT)]],
  ['a function', (headers) => ({ ...headers, 'grpc-status': '0', 'content-length': '5' })],
  [
    'a function that makes them',
    () => ({ ...NEVER, ...KEPT, 'grpc-status': '0', 'content-length': '5' }),
  ],
];

promise(
  'H4',
  'proxyResponseHeaders never copy framing, hop-by-hop headers, what Connection names and content-encoding, neither from the headers of a REST answer nor from the trailing metadata of gRPC.',
  (express) => {
    test.each(ALL)('%s', async (_kind, option) => {
      const read = await start(express, option);
      for (const path of PATHS) {
        const headers = await read(path);
        expect(headers).toMatchObject(KEPT);
        for (const [name, value] of Object.entries({ ...NEVER, 'grpc-status': '0' })) {
          const isMadeHop = name === 'x-hop' && path[0] === 'grpc';
          if (!isMadeHop) expect([name, headers[name]]).not.toEqual([name, value]);
        }
        expect(headers['content-length']).not.toBe('5');
      }
    });
  },
);

promise('H4', 'A header that the upstream did not send stays absent.', (express) => {
  test.each<[string, ProxyResponseHeaders | undefined]>([
    ['names', ['x-absent', 'X-Other-Absent', 'toString', '__proto__']],
    ['a function', (headers) => ({ 'x-absent': headers['x-absent'], 'x-null': null })],
    ['a function that gives nothing', () => undefined],
    ['no option', undefined],
  ])('%s', async (_kind, option) => {
    const read = await start(express, option);
    for (const path of PATHS) {
      const names = Object.keys(await read(path));
      expect(names.filter((name) => /^x-(?!powered-by)|^set-|proto|string/i.test(name))).toEqual(
        [],
      );
    }
  });
});

promise(
  'H4',
  'Several Set-Cookie stay several, and join those that a middleware has set.',
  (express) => {
    test.each<[string, ProxyResponseHeaders]>([
      ['names', ['Set-Cookie']],
      ['a function', (headers) => ({ 'set-cookie': headers['set-cookie'] })],
    ])('%s', async (_kind, option) => {
      const read = await start(express, option);
      for (const path of PATHS) expect((await read(path))['set-cookie']).toEqual(COOKIES);
    });

    test('beside those of a middleware', async () => {
      const config = { onBeforeAction: (_req: any, res: any) => void res.cookie('own', '1') };
      const definition = { proxyResponseHeaders: ['set-cookie'] };
      const options = { answer, trailer: createTrailer(), config, definition };
      const { post } = await startKinds(express, options);
      for (const kind of ['rest', 'grpc'] as const) {
        const { headers } = await post(kind);
        expect(headers['set-cookie']).toEqual(['own=1; Path=/', ...COOKIES]);
      }
    });
  },
);
