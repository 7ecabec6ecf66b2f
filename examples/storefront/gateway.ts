import express from 'express';
import type { ErrorRequestHandler } from 'express';
import helmet from 'helmet';
// In a project of yours: import { getGatewayControllers } from 'sallyport';
import { getGatewayControllers, rateLimit } from '../../lib';
import type { GetAuthHeadersParams, Interceptor } from '../../lib';
import type { BackendUrls } from './backends/start-all';
import { createSchemas } from './schemas/schemas';

interface AuthArgs {
  token?: string;
}

/** Reads who calls, once per request of the browser. */
function getAuthArgs({ headers }: { headers: { authorization?: string } }): AuthArgs {
  const token = headers.authorization?.match(/^Bearer (\S+)$/)?.[1];
  return token === undefined ? {} : { token };
}

/** Tells it to the services, for each call. A browser's own headers never reach them unasked. */
function getAuthHeaders({ authArgs }: GetAuthHeadersParams<AuthArgs>) {
  return authArgs?.token === undefined ? {} : { authorization: `Bearer ${authArgs.token}` };
}

const SLOW_MS = 1000;

/** Names the calls that take long, inner ones too. It reads no data, so that answers pass as bytes. */
const noteSlowCalls: Interceptor = Object.assign(
  ((next) => async (call) => {
    const startedMs = performance.now();
    try {
      return await next(call);
    } finally {
      const tookMs = performance.now() - startedMs;
      const { service, name } = call.action;
      if (tookMs > SLOW_MS) console.log(`${service}.${name} (${call.origin}) took ${tookMs} ms`);
    }
  }) satisfies Interceptor,
  { readsData: false },
);

/** What Express itself refuses, such as a body that is no JSON, in the gateway's error shape. */
const answerError: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (res.headersSent) return next(error);
  const status = error.status ?? 500;
  res.status(status).json({ status, code: 'BAD_REQUEST', message: 'The request cannot be read' });
};

export function createGateway(urls: BackendUrls) {
  const { controller, api, close } = getGatewayControllers(createSchemas(urls), {
    timeout: 5000,
    // Calls of one address. Behind a proxy, `app.set('trust proxy', ...)` says whose word on it is believed.
    interceptors: [noteSlowCalls, rateLimit({ points: 600, durationSec: 60 })],
    handlerMiddlewares: [helmet()],
    getAuthArgs,
    getAuthHeaders,
    proxyHeaders: ['traceparent'],
    sendStats: ({ service, action, restStatus, requestTime }) => {
      console.log(`${service}.${action} ${restStatus} ${requestTime} ms`);
    },
  });
  const app = express().disable('x-powered-by');
  app.use(express.json());
  app.post('/gateway/:scope/:service/:action', controller);
  app.use(answerError);
  return { app, api, close };
}
