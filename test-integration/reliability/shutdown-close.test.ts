import type { ServerResponse } from 'node:http';
import { eventually } from '../../test/servers/eventually';
import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { startTcpRelay } from '../../test/servers/start-tcp-relay';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const CLOSED = { status: 503, code: 'GATEWAY_CLOSED', message: expect.any(String) };

/** Upstreams that answer when they are told to, except to `warm`. */
async function start(express: ExpressVersion, config: object = {}) {
  const held: ServerResponse[] = [];
  const answers: (() => void)[] = [];
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/warm') return sendJson(response, {});
    held.push(response);
    if (url === '/stream') response.write('one');
    answers.push(() => (url === '/stream' ? response.end('two') : sendJson(response, { late: 1 })));
  });
  const Get = (_call: any, callback: any) => {
    answers.push(() => callback(null, { itemId: 'late' }));
  };
  const { port } = await startGrpcUpstream({ Get });
  const relay = await startTcpRelay(port);
  const at = (path: string, more = {}) => ({ method: 'GET', path, ...more }) as const;
  const schemas = {
    root: {
      rest: {
        endpoints: upstream.url,
        actions: {
          warm: at('/warm'),
          run: at('/run', { retries: 3 }),
          written: { ...at('/run', { retries: 3 }), method: 'POST' },
          stream: at('/stream', { responseType: 'stream' }),
        },
      },
      grpc: { endpoints: { path: relay.address, insecure: true }, actions: shopActions },
      mixed: {
        actions: {
          run: async (api: any) => {
            const first = await api.rest.run();
            return { first, second: await api.grpc.get({}) };
          },
        },
      },
    },
  };
  const all = { includeProtoRoots: [PROTO_ROOT], ...config };
  const gateway = await startGateway(schemas as never, all, { express });
  await Promise.all([gateway.post('rest/warm'), gateway.post('rest/warm')]);
  const connections = () => upstream.sockets.size + relay.sockets.size;
  return { ...gateway, api: gateway.api as any, upstream, held, answers, connections };
}

const wires: [string, object][] = [
  ['by default', {}],
  ['with options of axios', { axiosConfig: { maxBodyLength: 1000 } }],
];

promise(
  'S2',
  'close() lets running calls, mixed actions and streams end, and refuses new calls with 503 GATEWAY_CLOSED.',
  (express) => {
    test.each([
      ['rest/run', 1, '{"late":1}'],
      ['rest/stream', 1, 'onetwo'],
      ['grpc/get', 1, '"itemId":"late"'],
      ['mixed/run', 2, '"itemId":"late"'],
    ])('%s', async (path, count, text) => {
      const { post, api, close, answers } = await start(express);
      const running = post(path);
      await eventually(() => answers.length === 1);
      let isClosed = false;
      const closing = close().then(() => (isClosed = true));
      expect(await post('rest/warm')).toMatchObject({ status: 503, json: CLOSED });
      expect((await failureOf(api.grpc.get({}))).error).toMatchObject(CLOSED);
      for (let n = 0; n < count; n++) {
        await eventually(() => answers.length === n + 1);
        expect(isClosed).toBe(false);
        answers[n]!();
      }
      const { status, text: got } = await running;
      expect([status, got]).toEqual([200, expect.stringContaining(text)]);
      await closing;
    });
  },
);

promise(
  'S2',
  'After the limit close() ends what still runs: 503 GATEWAY_CLOSED, sent no second time.',
  (express) => {
    const all = wires.flatMap(([wire, config]) =>
      ['rest/run', 'rest/written', 'grpc/get', 'mixed/run'].map(
        (path) => [wire, path, config] as const,
      ),
    );
    test.each(all)('%s: %s', async (_wire, path, config) => {
      const { post, close, answers, connections } = await start(express, config);
      const running = post(path);
      await eventually(() => answers.length === 1);
      await close({ graceMs: 50 });
      expect(await running).toMatchObject({ status: 503, json: CLOSED });
      await eventually(() => connections() === 0);
      expect(answers).toHaveLength(1);
    });

    test('a stream is cut', async () => {
      const { post, close, connections, answers } = await start(express);
      const running = failureOf(post('rest/stream'));
      await eventually(() => answers.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await close({ graceMs: 50 });
      expect((await running).code).toBe('ECONNRESET');
      await eventually(() => connections() === 0);
    });
  },
);

promise(
  'S2',
  'After close() no connection to an upstream is open, and none is made any more.',
  (express) => {
    test.each(wires)('%s', async (_name, config) => {
      const { post, api, close, answers, connections, upstream } = await start(express, config);
      const answered = api.grpc.get({});
      await eventually(() => answers.length === 1);
      answers[0]!();
      await answered;
      expect(connections()).toBeGreaterThanOrEqual(2);
      await Promise.all([close(), close()]);
      await eventually(() => connections() === 0);
      const before = upstream.connectionCount;
      for (const path of ['rest/warm', 'grpc/get', 'mixed/run']) {
        expect(await post(path)).toMatchObject({ status: 503, json: CLOSED });
      }
      expect([upstream.connectionCount, connections()]).toEqual([before, 0]);
    });
  },
);
