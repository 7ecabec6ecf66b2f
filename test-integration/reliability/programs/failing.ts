import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { getGatewayControllers } from '../../../lib';
import { createFailingSchema } from './failing-actions';
import { watchFootprint } from './footprint';

export interface FailingInput {
  rest: string;
  grpc: string;
  /** A gRPC server whose answers are none. */
  faulty: string;
  /** Where nobody listens. */
  gone: string;
  protoRoot: string;
  /** Full turns over all kinds before, and between the two looks. */
  turns: [number, number];
}

const AT_ONCE = 10;

/** Counts contexts that are made, and ended. */
function createCountingContext() {
  const seen = { made: 0, ended: 0 };
  const ctx: any = {
    create: () => (seen.made++, { ...ctx, end: () => seen.ended++ }),
    log: () => undefined,
    logError: () => undefined,
    end: () => undefined,
  };
  return { ctx, seen };
}

/** Makes failing calls of all kinds, and tells what they leave behind. */
async function main(input: FailingInput): Promise<void> {
  const schemas = createFailingSchema(input);
  const { ctx, seen } = createCountingContext();
  const { api, controller } = getGatewayControllers(schemas, {
    includeProtoRoots: [input.protoRoot],
    abortOnClientDisconnect: true,
    onBeforeAction: (req) => void (req.ctx = ctx),
  });
  const footprint = watchFootprint();
  const app = express().use(express.json());
  app.post('/:service/:action', controller as never);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const { signal } = new AbortController();
  const failures: Record<string, number> = {};
  const kinds = Object.entries(schemas.root).flatMap(([service, { actions }]) =>
    Object.keys(actions).map((action) => [service, action] as const),
  );

  function post(path: string, kind: string): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ agent, port, method: 'POST', path, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.on('error', reject).end(JSON.stringify({ kind }));
    });
  }
  async function callApi(service: string, action: string): Promise<number> {
    const call = (api as any)[service][action] as (input: object) => Promise<any>;
    try {
      const { stream } = await call({ args: { kind: action }, ctx, abortSignal: signal });
      if (!stream) return 200;
      return await new Promise((resolve) => stream.once('error', () => resolve(500)).resume());
    } catch (failure) {
      return (failure as any).error.status;
    }
  }
  async function turn(): Promise<void> {
    const calls = kinds.flatMap(([service, action]) => [
      post(`/${service}/${action}`, action),
      callApi(service, action),
    ]);
    for (const status of await Promise.all(calls)) failures[status] = (failures[status] ?? 0) + 1;
  }
  async function look(turns: number) {
    for (let n = 0; n < turns; n += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, turn));
    return { ...(await footprint(signal)), contexts: { ...seen }, failures: { ...failures } };
  }

  const [before, after] = input.turns;
  console.log(
    JSON.stringify({ kinds: kinds.length, looks: [await look(before), await look(after)] }),
  );
  process.exit();
}

void main(JSON.parse(process.argv[2] ?? '{}') as FailingInput);
