import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';
import { watchProcess } from '../servers/watch-process';

watchProcess();

const schemas = { root: { s: { actions: { echo: (_api: unknown, args: object) => args } } } };

test('an error middleware that answers and calls next() has answered: no other one runs', async () => {
  const ran: string[] = [];
  const { post } = await startGateway(schemas, {
    handlerMiddlewares: [(_req: any, _res: any, next: any) => next(new Error('broken'))],
    errorMiddlewares: [
      (_error: any, _req: any, res: any, next: any) => {
        ran.push('first');
        res.status(418).json({ by: 'first' });
        next();
      },
      (_error: any, _req: any, res: any) => {
        ran.push('second');
        res.end('again');
      },
    ],
  });
  expect(await post('s/echo')).toMatchObject({ status: 418, json: { by: 'first' } });
  expect(ran).toEqual(['first']);
});

test.each(['at once', 'later'])(
  'what a middleware throws %s after it has handed on goes to the log',
  async (when) => {
    const logged: string[] = [];
    const none = () => undefined;
    const error = (_data: unknown, message: string) => void logged.push(message);
    const { post } = await startGateway(schemas, {
      logger: { debug: none, info: none, warn: none, error } as any,
      handlerMiddlewares: [
        async function careless(_req: any, _res: any, next: any) {
          next();
          if (when === 'later') await new Promise(setImmediate);
          throw new Error('too late');
        },
      ],
    });
    expect(await post('s/echo', { a: 1 })).toMatchObject({ status: 200, json: { a: 1 } });
    await eventually(() => logged.includes('Middleware careless failed'));
  },
);
