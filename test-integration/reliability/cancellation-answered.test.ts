import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

type Answer = (req: unknown, res: any) => unknown;

/** Ways to answer, and what the client gets. */
const answers: [string, Answer, number, string][] = [
  ['end', (_req, res) => res.end(), 200, ''],
  ['send', (_req, res) => res.send('own'), 200, 'own'],
  ['a JSON error', (_req, res) => res.status(403).json({ code: 'NO' }), 403, '{"code":"NO"}'],
  ['a redirect', (_req, res) => res.redirect('/login'), 302, 'Found. Redirecting to /login'],
  [
    'an answer after a while',
    async (_req, res) => {
      await sleep(20);
      res.status(401).end('no');
    },
    401,
    'no',
  ],
  [
    'an answer that goes on',
    (_req, res) => {
      res.write('a');
      setTimeout(() => res.end('b'), 50);
    },
    200,
    'ab',
  ],
];

promise(
  'C6',
  'An onBeforeAction that has answered stops the action: no further hook runs, nothing is sent, its answer stands.',
  (express) => {
    const all = answers.flatMap(([name, ...rest]) =>
      ['rest/run', 'grpc/get', 'mixed/run'].map((path) => [name, path, ...rest] as const),
    );
    test.each(all)('%s: %s', async (_name, path, onBeforeAction, status, text) => {
      const upstream = await startUpstream();
      let calls = 0;
      const note = () => calls++;
      const grpc = await startGrpcUpstream({ Get: note });
      const run = { method: 'GET', path: '/', params: () => (note(), {}) } as const;
      const { post } = await startGateway(
        {
          root: {
            rest: { endpoints: upstream.url, actions: { run } },
            grpc: { endpoints: { path: grpc.address, insecure: true }, actions: shopActions },
            mixed: { actions: { run: note } },
          },
        } as never,
        {
          includeProtoRoots: [PROTO_ROOT],
          onBeforeAction,
          getAuthArgs: note as never,
          getAuthHeaders: note as never,
          onRequestSuccess: note,
          onRequestFailed: note,
          sendStats: note,
        },
        { express },
      );
      expect(await post(path)).toMatchObject({ status, text });
      expect([calls, upstream.connectionCount]).toEqual([0, 0]);
    });
  },
);
