import { inspect } from 'node:util';
import { Metadata } from '@grpc/grpc-js';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { encodeMessage, packAny } from '../../test/servers/encode-message';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { startShop } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const LIMIT = 64 * 1024;
/** Escapes of JSON make six characters of one. */
const big = '\u0001ü"'.repeat(100_000);
const deep = '['.repeat(20_000) + ']'.repeat(20_000);
const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`key-${n}`, n]));
const JSON_TYPE = 'application/json';

/** Bodies of errors, and of answers that cannot be used. */
const bodies: [string, string, number, string][] = [
  ['a huge message', JSON.stringify({ code: 'NO', message: big }), 500, JSON_TYPE],
  ['a huge code', JSON.stringify({ code: big, message: 'no' }), 400, JSON_TYPE],
  [
    'huge details',
    JSON.stringify({ code: 'NO', details: { title: big, more: big } }),
    404,
    JSON_TYPE,
  ],
  [
    'a list of details',
    JSON.stringify({ details: Array(2000).fill({ type: 'a'.repeat(100) }) }),
    409,
    JSON_TYPE,
  ],
  ['many keys', JSON.stringify({ code: 'NO', details: keys, debug: keys }), 500, JSON_TYPE],
  ['huge debug facts', JSON.stringify({ code: 'NO', debug: { stack: big } }), 500, JSON_TYPE],
  ['deep nesting', `{"code":"NO","details":${deep}}`, 500, JSON_TYPE],
  ['a huge text', big, 502, 'text/plain'],
  ['a huge page', `<html>${big}</html>`, 503, 'text/html'],
  ['a huge JSON text', JSON.stringify(big), 500, JSON_TYPE],
  ['broken JSON', `{"a": ${big}`, 200, JSON_TYPE],
  ['another type than expected', big, 200, 'text/html'],
];

interface Started {
  post: (path: string, args: unknown, headers: object) => Promise<any>;
  stats: unknown[];
  all: ReturnType<typeof createRecordingContext>['all'];
}

function startContext() {
  const { ctx, all } = createRecordingContext();
  const stats: unknown[] = [];
  const config = {
    withDebugHeaders: true,
    onBeforeAction: (req: any) => void (req.ctx = ctx),
    sendStats: (one: object, headers: object) => void stats.push(one, headers),
  };
  return { config, all, stats };
}

/** Every entry of the log, and every record of stats, as a logger that looks at every member writes it. */
function sizesOf({ all, stats }: Pick<Started, 'all' | 'stats'>): number[] {
  const entries = all.flatMap(({ logs, errors }) => [...logs, ...errors]);
  return [...entries, ...stats].map((entry) => {
    const whole = { depth: null, maxStringLength: null, maxArrayLength: null, showHidden: true };
    return Buffer.byteLength(inspect(entry, whole));
  });
}

function expectSmall(answer: any, seen: Pick<Started, 'all' | 'stats'>): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.body.length).toBeLessThan(LIMIT);
  expect(answer.json).toMatchObject({
    code: expect.stringMatching(/./),
    message: expect.any(String),
  });
  const sizes = sizesOf(seen);
  expect(sizes.length).toBeGreaterThan(1);
  for (const size of sizes) expect(size).toBeLessThan(LIMIT);
}

const shapes = ['json', 'stream', 'arraybuffer'] as const;

promise(
  'L4',
  'An error answer and every log entry stay under 64 KB, whatever a REST upstream sends.',
  (express) => {
    test.each(bodies)('%s', async (_name, body, status, contentType) => {
      const { url } = await startUpstream((_request, response) => {
        response.writeHead(status, { 'content-type': contentType, 'x-big': 'b'.repeat(9000) });
        response.end(body);
      });
      for (const responseType of status === 200 ? shapes.slice(0, 1) : shapes) {
        const { config, ...seen } = startContext();
        const definition = { responseType, transformResponseData: (data: unknown) => data };
        const expected = { expectedResponseContentType: JSON_TYPE };
        const { post } = await startRestAction(
          url,
          { ...definition, ...(status === 200 && expected) },
          config,
          { express },
        );
        expectSmall(await post(), seen);
      }
    });
  },
);

/** Status details of a `google.rpc.Status` with these as its own. */
function withDetails(details: object[]): Metadata {
  const metadata = new Metadata();
  const bytes = encodeMessage('google.rpc.Status', { code: 13, message: 'no', details });
  metadata.set('grpc-status-details-bin', bytes);
  return metadata;
}

const text = 'b'.repeat(2500);
const infos = Array.from({ length: 4 }, () =>
  packAny('google.rpc.ErrorInfo', { reason: text, domain: 'd', metadata: { a: text } }),
);
const debugInfo = packAny('google.rpc.DebugInfo', { stack_entries: [text, text], detail: text });

async function startFailing(error: object, express: ExpressVersion) {
  const { config, ...seen } = startContext();
  const Get = (_call: any, callback: any) => callback(error);
  const { post } = await startShop({ Get }, { config, express });
  return { post, seen };
}

promise(
  'L4',
  'An error answer and every log entry stay under 64 KB, whatever a gRPC upstream sends.',
  (express) => {
    test.each([
      ['a huge message', grpcError(13, 'ü'.repeat(2000))],
      ['huge details', grpcError(13, 'no', withDetails(infos.slice(0, 2)))],
      [
        'many details',
        grpcError(
          9,
          'no',
          withDetails(Array(60).fill(packAny('google.rpc.ErrorInfo', { reason: 'r' }))),
        ),
      ],
      ['debug facts', grpcError(13, 'no', withDetails([debugInfo]))],
    ])('%s', async (_name, error) => {
      const { post, seen } = await startFailing(error, express);
      expectSmall(await post('items/get'), seen);
    });
  },
);
