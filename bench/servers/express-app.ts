import express from 'express';
import type { RequestHandler } from 'express';

/** The same application around every handler. */
export function createApp(handler: RequestHandler) {
  const app = express();
  app.use(express.json());
  app.post('/gateway/:scope/:service/:action', handler);
  return app;
}
