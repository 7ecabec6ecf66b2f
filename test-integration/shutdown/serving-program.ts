import { createServer } from 'node:http';
import express from 'express';
import { createGracefulStop } from '../../examples/storefront/graceful-stop';
import { getGatewayControllers, rest } from '../../lib';

/** A gateway that stops as the storefront does. It prints what it does; Node writes to a pipe at once. */
function main([, , port, backend]: string[]): void {
  const gateway = getGatewayControllers({
    shop: {
      items: {
        endpoints: `${backend}`,
        actions: {
          save: rest()({ method: 'POST', path: '/save', params: (body) => ({ body }) }),
          held: rest()({ method: 'POST', path: '/held', params: (body) => ({ body }) }),
          big: rest()({ method: 'GET', path: '/big', responseType: 'arraybuffer' }),
          streamed: rest()({ method: 'GET', path: '/held', responseType: 'stream' }),
        },
      },
    },
  });
  const app = express();
  app.use((req, _res, next) => {
    console.log(`accepted ${req.header('x-attempt')}`);
    next();
  });
  app.use(express.json());
  app.post('/gateway/:scope/:service/:action', gateway.controller);
  const server = createServer(app);
  // No connection ends by itself while a slow machine runs the test.
  server.keepAliveTimeout = 600_000;
  const stop = createGracefulStop(server, gateway);
  process.once('SIGTERM', () => void stop(60_000));
  server.once('error', (error) => console.error(error.message));
  server.listen({ port: Number(port), host: '127.0.0.1', backlog: 1024 }, () => {
    console.log('listening');
  });
}

main(process.argv);
