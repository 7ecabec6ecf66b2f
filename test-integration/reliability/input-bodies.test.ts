import { recordingMethod, SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { startGateway } from '../../test/servers/start-gateway';
import type { AppOptions } from '../../test/servers/start-gateway';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const JSON_TYPE = { 'content-type': 'application/json' };

/** One action of each kind, and what reached them: args, or what the upstream was sent. */
async function start(express: ExpressVersion, use: AppOptions['use']) {
  const reached: unknown[] = [];
  const upstream = await startUpstream((request, response) => {
    reached.push(request.json);
    response.end();
  });
  const get = recordingMethod();
  const { address } = await startGrpcUpstream({ Get: get.method });
  const mixed = (_api: unknown, args: unknown) => void reached.push(args);
  const params = (args: any) => ({ body: { ...args, id: args.id } });
  const rest = { method: 'POST', path: (args: any) => `/${args.id ?? 'none'}`, params } as const;
  const schemas = {
    rest: { endpoints: upstream.url, actions: { run: rest } },
    grpc: { endpoints: { path: address, insecure: true }, actions: { run: SHOP_GET } },
    mixed: { actions: { run: mixed } },
  };
  const options = { express, ...(use && { use }) };
  const { send } = await startGateway({ root: schemas } as never, WITH_PROTOS, options);
  const count = () => reached.length + get.calls.length;
  return { send, reached, count, get };
}

const KINDS = ['rest', 'grpc', 'mixed'];
const useAny: AppOptions['use'] = (app, json: any) => app.use(json({ strict: false }));
/** What a middleware that is no JSON parser may leave. */
const leave =
  (body: unknown): AppOptions['use'] =>
  (app) =>
    app.use((req: any, _res: unknown, next: () => void) => {
      req.body = body;
      next();
    });

interface Sent {
  use?: AppOptions['use'];
  headers?: Record<string, string>;
  body?: string;
}
type Case = [name: string, sent: Sent];

function asJson(body: string, use?: AppOptions['use']): Sent {
  return { headers: JSON_TYPE, body, ...(use && { use }) };
}

promise(
  'I5',
  'No body, an empty body and the body null are read as `{}`, by actions of every kind.',
  (express) => {
    test.each<Case>([
      ['no body', {}],
      ['no body of a JSON type', { headers: JSON_TYPE }],
      ['an empty body', asJson('')],
      ['an empty object', asJson('{}')],
      ['null', asJson('null', useAny)],
      ['no body parser and no body', { use: () => undefined }],
      ['undefined', { use: leave(undefined) }],
      ['null of a middleware', { use: leave(null) }],
      ['an object without prototype', { use: leave(Object.create(null)) }],
    ])('%s', async (_name, { use, headers, body }) => {
      const { send, reached, get } = await start(express, use);
      for (const kind of KINDS) {
        expect(await send('POST', `${kind}/run`, headers, body)).toMatchObject({ status: 200 });
        expect(await send('GET', `${kind}/run`, headers)).toMatchObject({ status: 200 });
      }
      expect(reached).toEqual([{}, {}, {}, {}]);
      expect(get.calls.map(({ request }) => request.itemId)).toEqual(['', '']);
    });
  },
);

const SCALARS = ['1', '0', '-1.5', 'true', 'false', '"text"', '""', '"__proto__"'];
const LISTS = ['[]', '[{"id":1}]', '[null]', '[[]]'];

promise(
  'I5',
  'A scalar, an array, bytes or any other value in place of an object as body is a coded 400, and no action runs.',
  (express) => {
    test.each<Case>([
      ...[...SCALARS, ...LISTS].map((body): Case => [body, asJson(body, useAny)]),
      ['a text', { use: leave('{"id":1}') }],
      ['a Buffer', { use: leave(Buffer.from('{"id":1}')) }],
      ['bytes', { use: leave(new Uint8Array(2)) }],
      ['a function', { use: leave(() => 1) }],
      ['a symbol', { use: leave(Symbol('body')) }],
      ['a bigint', { use: leave(1n) }],
    ])('%s', async (_name, { use, headers, body }) => {
      const { send, count } = await start(express, use);
      for (const kind of KINDS) {
        const answer = await send('POST', `${kind}/run`, headers, body);
        expect(answer.status).toBe(400);
        expect(answer.json).toMatchObject({ status: 400, code: 'INVALID_BODY' });
        expect(answer.json.message).toMatch(/\w/);
      }
      expect(count()).toBe(0);
    });
  },
);

promise(
  'I5',
  'A body that nothing has parsed is a coded 400 that says what is missing.',
  (express) => {
    test.each(KINDS)('%s', async (kind) => {
      const { send, count } = await start(express, () => undefined);
      for (const headers of [JSON_TYPE, { 'content-type': 'text/plain' }, {}]) {
        const answer = await send('POST', `${kind}/run`, headers, '{"id":1}');
        expect(answer).toMatchObject({ status: 400, json: { code: 'BODY_NOT_PARSED' } });
        expect(answer.json.message).toContain('express.json()');
      }
      expect(count()).toBe(0);
    });
  },
);
