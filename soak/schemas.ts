import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import { getTypedApiFactory, grpc, GrpcReflection, mixed, rest } from '../lib';
import type { ActionEndpoint, BaseSchema } from '../lib';
import { CALM_MS, HASTY_MS } from './ask';
import type { Ask, Fault, Piece } from './ask';

/** Where one backend process listens. */
export interface Ports {
  readonly rest: number;
  readonly grpc: number;
  /** Speaks HTTP/2 as no gRPC server would. */
  readonly wire: number;
}

export interface Pieces {
  readonly pieces: Piece[];
}

const toQuery = ({ id: _id, ...query }: Ask) => ({ query });
const lines = { method: 'GET', path: ({ id }: Ask) => `/lines/${id}`, params: toQuery } as const;

const restActions = {
  get: rest<Pieces, Ask>()({
    method: 'GET',
    path: ({ id }) => `/pieces/${id}`,
    params: toQuery,
    retries: 1,
  }),
  post: rest<Pieces, Ask>()({
    method: 'POST',
    path: '/pieces',
    params: (ask) => ({ body: ask }),
  }),
  bytes: rest<Buffer, Ask>()({ ...lines, responseType: 'arraybuffer' }),
  stream: rest<Readable, Ask>()({ ...lines, responseType: 'stream' }),
};

/** What grpc-js as a server cannot do wrong goes to the other one. */
const WIRE_FAULTS: ReadonlySet<Fault> = new Set(['reset', 'cut', 'garbage', 'goaway']);
const protoPath = join(__dirname, 'soak.proto');
const service = {
  protoKey: 'soak.Soak',
  endpoint: ({ grpc, wire }: Record<string, ActionEndpoint>, { fault }: Ask) =>
    WIRE_FAULTS.has(fault) ? wire : grpc,
  params: (ask: Ask) => ({
    body: ask,
    headers: { 'x-fault': ask.fault, 'x-variant': ask.variant },
  }),
};

/** A stream of gRPC has no deadline of its own. */
const streamed = { ...service, protoPath, timeout: CALM_MS };

const grpcActions = {
  get: grpc<Pieces, Ask>()({ ...service, protoPath, action: 'Get', retries: 1 }),
  described: grpc<Pieces, Ask>()({
    ...service,
    action: 'Get',
    reflection: GrpcReflection.OnFirstRequest,
    reflectionRefreshSec: 2,
  }),
  watch: grpc<Piece, Ask>()({ ...streamed, action: 'Watch', type: 'serverStream' }),
  collect: grpc<Pieces, Ask>()({ ...streamed, action: 'Collect', type: 'clientStream' }),
  chat: grpc<Piece, Ask>()({ ...streamed, action: 'Chat', type: 'bidi' }),
};

type Called = { rest: { actions: typeof restActions }; grpc: { actions: typeof grpcActions } };
const typed = getTypedApiFactory<Record<'here', Called>>();

export function writeAsks(stream: Writable, ask: Ask): void {
  for (let number = 0; number < ask.count; number++) stream.write(ask);
  stream.end();
}

export async function readAll(stream: Readable | Duplex): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of stream) pieces.push(piece as Piece);
  return pieces;
}

/** Over the actions of the same scope; streams of gRPC are read here, and answered as data. */
function createMixed(scope: string, options: object) {
  const inner = (api: object) => typed({ here: (api as Record<string, unknown>)[scope] }).here;
  return {
    both: mixed(async (api: object, ask: Ask) => {
      const [overRest, overGrpc] = await Promise.all([
        inner(api).rest.get(ask),
        inner(api).grpc.get(ask),
      ]);
      return { overRest: overRest.pieces, overGrpc: overGrpc.pieces };
    }, options),
    stream: mixed((api: object, ask: Ask) => inner(api).rest.stream(ask), options),
    watch: mixed(async (api: object, ask: Ask) => {
      return { pieces: await readAll(await inner(api).grpc.watch(ask)) };
    }, options),
    collect: mixed((api: object, ask: Ask) => {
      return new Promise<Pieces>((resolve, reject) => {
        const opened = inner(api).grpc.collect(ask, { callback: resolve });
        opened.then((stream) => writeAsks(stream.on('error', reject), ask)).catch(reject);
      });
    }, options),
    chat: mixed(async (api: object, ask: Ask) => {
      const stream = await inner(api).grpc.chat(ask);
      writeAsks(stream, ask);
      return { pieces: await readAll(stream) };
    }, options),
  };
}

const HASTY = { timeout: HASTY_MS, abortOnClientDisconnect: true };

function hasty<Actions extends Record<string, object>>(actions: Actions): Actions {
  const all = Object.entries(actions).map(([name, action]) => [name, { ...action, ...HASTY }]);
  return Object.fromEntries(all) as Actions;
}

/** All actions twice: with time enough, and with too little of it, ending with the client. */
export function createSchema(scope: string, ports: Ports): BaseSchema {
  const http = `http://127.0.0.1:${ports.rest}`;
  // An option that only axios has: such calls are sent by axios and Node's own client.
  const byAxios = { path: http, axiosConfig: { maxBodyLength: 2 ** 30 } };
  const place = (port: number) => ({ path: `127.0.0.1:${port}`, insecure: true });
  const both = { soak: { test: { grpc: place(ports.grpc), wire: place(ports.wire) } } };
  return {
    rest: { endpoints: http, actions: restActions },
    restHasty: { endpoints: http, actions: hasty(restActions) },
    axios: { endpoints: byAxios, actions: restActions },
    axiosHasty: { endpoints: byAxios, actions: hasty(restActions) },
    grpc: { endpoints: both, actions: grpcActions },
    grpcHasty: { endpoints: both, actions: hasty(grpcActions) },
    mixed: { actions: createMixed(scope, { timeout: 2 * CALM_MS }) },
    mixedHasty: { actions: createMixed(scope, HASTY) },
  };
}
