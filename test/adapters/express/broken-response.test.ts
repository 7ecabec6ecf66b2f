import { getGatewayControllers } from '../../../lib';
import { startGateway } from '../../servers/start-gateway';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const broken = () => {
  throw new Error('broken by a middleware');
};

function schemaFor(url: string): any {
  return { root: { users: { endpoints: url, actions: { get: { method: 'GET', path: '/' } } } } };
}

test.each(['setHeader', 'end'])(
  'G1: a response whose %s throws ends the connection, the controller does not reject',
  async (member) => {
    const upstream = await startUpstream();
    const settled: string[] = [];
    const { gateway, ...app } = await startGateway(
      schemaFor(upstream.url),
      {},
      {
        use: (express, json) => {
          express.use(json());
          express.post('/broken', (req: any, res: any) => {
            res[member] = broken;
            req.params = { service: 'users', action: 'get' };
            gateway.controller(req, res).then(
              () => settled.push('resolved'),
              () => settled.push('rejected'),
            );
          });
        },
      },
    );
    await expect(app.post('../broken')).rejects.toThrow(/hang up|ECONNRESET/);
    expect(settled).toEqual(['resolved']);
  },
);

test('G1: a logger that throws does not make the controller reject', async () => {
  const logger = { debug: broken, info: broken, warn: broken, error: broken };
  const { controller } = getGatewayControllers(schemaFor('http://127.0.0.1:1'), { logger });
  await expect(controller({} as never, { setHeader: broken } as never)).resolves.toBeUndefined();
});

test.each([
  ['nothing', {}, {}],
  ['no params', { headers: {}, socket: {} }, {}],
])('G1: the controller does not reject when it is given %s', async (_name, req, res) => {
  const { controller } = getGatewayControllers(schemaFor('http://127.0.0.1:1'));
  await expect(controller(req as never, res as never)).resolves.toBeUndefined();
});
