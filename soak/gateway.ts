import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { getGatewayControllers } from '../lib';
import type { SchemasByScope, Stats } from '../lib';
import type { ApiAction } from './api-call';
import { CALM_MS } from './ask';

export interface Reports {
  /** A call has come over HTTP. */
  readonly onBegin: (id: string, action: string) => void;
  readonly onStats: (stats: Stats) => void;
}

/** The gateway, in an Express app on a free port. */
export async function startGateway(schemas: SchemasByScope, { onBegin, onStats }: Reports) {
  const { controller, api, close } = getGatewayControllers(schemas, {
    installation: 'soak',
    env: 'test',
    timeout: CALM_MS,
    sendStats: onStats,
    onBeforeAction(req, res, _scope, service, action) {
      // The calls of those who have left already are not made.
      if (!res.destroyed) onBegin(String(req.headers['x-request-id']), `${service}.${action}`);
    },
  });
  const app = express();
  app.use(express.json());
  app.post('/:scope/:service/:action', controller as never);
  const server = createServer(app).listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  // A connection that the server closes while its client reuses it has no answer: that is not of the gateway.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actionOf(scope: string, service: string, action: string): ApiAction {
      return (api as Record<string, Record<string, Record<string, ApiAction>>>)[scope]![service]![
        action
      ]!;
    },
    async close() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await Promise.all([closed, close({ graceMs: CALM_MS })]);
    },
  };
}

export type RunningGateway = Awaited<ReturnType<typeof startGateway>>;
