/** The process that is measured: one variant of one work. Answers IPC messages with its CPU time. */
import { createServer, Server } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExpressAlone } from './servers/express-alone';
import { createHandWritten } from './servers/hand-written';
import { createHandWrittenAxios } from './servers/hand-written-axios';
import { createPlainNode } from './servers/plain-node';
import type { Variant, Work } from './works';

export interface Backend {
  readonly http: string;
  readonly grpc: string;
}

type Listener = Server | RequestListener;

/** Modules of gRPC and of the gateway are loaded by the variants that need them. */
async function create(variant: Variant, work: Work, backend: Backend): Promise<Listener> {
  const { kind, action } = work;
  switch (variant) {
    case 'express alone':
      return createExpressAlone();
    case 'plain node':
      return createPlainNode(backend, action);
    case 'hand-written axios':
      return createHandWrittenAxios(backend, action);
    case 'hand-written':
      if (kind === 'rest') return createHandWritten(backend, action);
      return (await import('./servers/hand-written-grpc.js')).createHandWrittenGrpc(
        backend,
        action,
      );
    default:
      return (await import('./servers/gateway.js')).createGateway(backend, work, variant);
  }
}

interface Order {
  readonly variant: Variant;
  readonly work: Work;
  readonly backend: Backend;
}

async function serve({ variant, work, backend }: Order): Promise<void> {
  const listener = await create(variant, work, backend);
  const server = listener instanceof Server ? listener : createServer(listener);
  server.listen(0, '127.0.0.1', () => {
    process.on('message', (question: 'cpu' | 'memory') => {
      if (question === 'memory') return process.send?.(process.memoryUsage.rss());
      const { user, system } = process.cpuUsage();
      process.send?.(user + system);
    });
    process.send?.((server.address() as AddressInfo).port);
  });
}

process.once('message', (order: Order) => void serve(order));
// A profile is written when the process ends by itself.
process.once('SIGINT', () => process.exit());
