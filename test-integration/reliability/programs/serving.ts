import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { getGatewayControllers } from '../../../lib';

export interface ServingInput {
  rest: string;
  grpc: string;
  protoRoot: string;
}

const CALLS = 10_000;

/** How many of as many concurrent calls answer what is right. */
async function countRight(call: (id: string) => Promise<unknown>): Promise<number> {
  const ids = Array.from({ length: CALLS }, (_, id) => String(id));
  const answers = await Promise.all(ids.map((id) => call(id).catch(() => undefined)));
  return answers.filter((answer, id) => answer === ids[id]).length;
}

const shop = { protoKey: 'shop.Items', protoPath: 'shop.proto' };
const longest = { timeout: 0 };

const rest = {
  item: { method: 'GET', path: ({ id }: { id: string }) => `/items/${id}`, ...longest },
  big: { method: 'GET', path: ({ how }: { how: string }) => `/big/${how}`, ...longest },
  transformed: {
    method: 'GET',
    path: ({ how }: { how: string }) => `/big/${how}`,
    transformResponseData: (data: unknown) => ({ length: (data as unknown[]).length }),
    ...longest,
  },
  save: {
    method: 'POST',
    path: '/save',
    params: (body: unknown) => ({ body }),
    validationSchema: { type: 'object', properties: { list: { type: 'array' } } },
    ...longest,
  },
} as const;

const grpc = {
  item: { ...shop, action: 'Get', timeout: 600_000 },
  echo: { ...shop, action: 'Echo', timeout: 600_000 },
} as const;

type Api = Record<'rest' | 'grpc', Record<'item' | 'big', (args: object) => Promise<any>>>;

const restOf = (api: Api) => async (id: string) => (await api.rest.item({ id })).id as unknown;
const grpcOf = (api: Api) => async (id: string) => {
  return (await api.grpc.item({ itemId: id })).itemId as unknown;
};

const mixed = {
  manyRest: (api: any) => countRight(restOf(api)),
  manyGrpc: (api: any) => countRight(grpcOf(api)),
  manyOfBoth: (api: any) => {
    return countRight((id) => (Number(id) % 2 === 0 ? restOf(api) : grpcOf(api))(id));
  },
  parsed: async (api: any) => ({ length: (await api.rest.big({ how: 'plain' })).length as number }),
};

/** Milliseconds for which the main thread has waited for a processor, where Linux tells it. */
function readWaitedMs(): number {
  const isTold = existsSync('/proc/self/schedstat');
  return isTold ? Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6 : 0;
}

/**
 * The longest time between two turns of the event loop since it was last asked, in milliseconds, without
 * that for which other processes had the processor.
 */
function watchStanding(): () => number {
  const now = () => performance.now() - readWaitedMs();
  let longest = 0;
  let last = now();
  setInterval(() => {
    longest = Math.max(longest, now() - last);
    last = now();
  }, 10);
  return () => {
    const found = longest;
    longest = 0;
    return found;
  };
}

/** A gateway that serves, and tells at /figures how long its thread stood and what memory it has had. */
function main({ rest: restUrl, grpc: address, protoRoot }: ServingInput): void {
  const { controller } = getGatewayControllers(
    {
      root: {
        rest: { endpoints: restUrl, actions: rest },
        grpc: { endpoints: { path: address, insecure: true }, actions: grpc },
        mixed: { actions: mixed },
      },
    },
    { includeProtoRoots: [protoRoot] },
  );
  const readStanding = watchStanding();
  const app = express();
  app.get('/figures', (_request, response) => {
    const maxRssMb = process.resourceUsage().maxRSS / 1024;
    response.json({ maxRssMb, standingMs: readStanding() });
  });
  app.use(express.json({ limit: '50mb' }));
  app.post('/gateway/:service/:action', controller as never);
  const server = createServer(app);
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
  });
}

main(JSON.parse(process.argv[2] ?? '{}') as ServingInput);
