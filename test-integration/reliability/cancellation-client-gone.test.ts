import { request as httpRequest } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { eventually } from '../../test/servers/eventually';
import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

/** What is under way when the client leaves. */
interface Seen {
  /** Hooks that were entered and never end. */
  hooks: number;
  open: Set<unknown>;
  received: number;
}

function createActions(seen: Seen) {
  const hang = () => new Promise<never>(() => seen.hooks++);
  const at = (path: string) => ({ method: 'GET', path }) as const;
  const rest = {
    head: at('/head'),
    written: { method: 'POST', path: '/head' },
    body: at('/body'),
    stream: { ...at('/body'), responseType: 'stream' },
    pause: { ...at('/again'), retries: 3 },
    params: { ...at('/head'), params: hang },
    auth: { ...at('/head'), getAuthHeaders: hang },
    proxied: { ...at('/head'), proxyHeaders: hang },
    endpoint: { ...at('/head'), endpoint: hang },
    path: { method: 'GET', path: hang },
    transform: { ...at('/good'), transformResponseData: hang },
  };
  const grpc = {
    unary: shopActions.get,
    watch: shopActions.watch,
    params: { ...shopActions.get, params: hang },
    auth: { ...shopActions.get, getAuthHeaders: hang },
  };
  const mixed = {
    rest: (api: any) => api.rest.head(),
    grpc: (api: any) => api.grpc.unary(),
    both: (api: any) => Promise.all([api.rest.body(), api.grpc.unary(), api.rest.written()]),
    stream: async (api: any) => {
      for await (const item of await api.grpc.watch()) void item;
    },
    piped: (api: any) => api.rest.stream(),
    waits: hang,
  };
  return { rest, grpc, mixed };
}

/** Upstreams that never finish, before a gateway whose actions end with their client. */
async function start(express: ExpressVersion, config: object = {}) {
  const seen: Seen = { hooks: 0, open: new Set(), received: 0 };
  const enter = (one: object) => (seen.received++, seen.open.add(one));
  const upstream = await startUpstream(({ url }, response: ServerResponse) => {
    enter(response);
    response.once('close', () => seen.open.delete(response));
    if (url === '/good') sendJson(response, {});
    if (url === '/body') response.write('{"half":');
    if (url === '/again') {
      response.setHeader('retry-after', '20');
      sendJson(response, {}, 503);
    }
  });
  const hold = (call: any) => {
    enter(call);
    call.once('cancelled', () => seen.open.delete(call));
  };
  const grpc = await startGrpcUpstream({
    Get: hold,
    Watch: (call: any) => (hold(call), call.on('error', () => undefined), call.write({})),
  });
  const actions = createActions(seen);
  const schemas = {
    root: {
      rest: { endpoints: upstream.url, actions: actions.rest },
      grpc: { endpoints: { path: grpc.address, insecure: true }, actions: actions.grpc },
      mixed: { actions: actions.mixed },
    },
  };
  const stats: any[] = [];
  const { ctx, children } = createRecordingContext();
  const gateway = await startGateway(
    schemas as never,
    {
      abortOnClientDisconnect: true,
      includeProtoRoots: [PROTO_ROOT],
      onBeforeAction: (req: any) => void (req.ctx = ctx),
      sendStats: (one: object) => void stats.push(one),
      ...config,
    },
    { express },
  );
  const post = (path: string) => {
    const to = { port: gateway.port, path: `/gateway/${path}`, method: 'POST', agent: false };
    const sent = httpRequest(to, (answer) => answer.resume().on('error', () => undefined));
    sent.on('error', () => undefined).end();
    return sent;
  };
  return { seen, stats, children, post };
}

promise(
  'C4',
  'With abortOnClientDisconnect the upstream is cancelled when the client leaves, the call is a 499, reported and ended once.',
  (express) => {
    test.each([
      ['rest/head', 1, 0],
      ['rest/written', 1, 0],
      ['rest/body', 1, 0],
      ['rest/stream', 1, 0],
      ['rest/pause', 1, 0],
      ['rest/transform', 1, 1],
      ['grpc/unary', 1, 0],
      ['mixed/rest', 1, 0],
      ['mixed/grpc', 1, 0],
      ['mixed/both', 3, 0],
      ['mixed/stream', 1, 0],
      ['mixed/piped', 1, 0],
    ])('%s', async (path, received, hooks) => {
      const { seen, stats, children, post } = await start(express);
      const sent = post(path);
      await eventually(() => seen.received === received && seen.hooks === hooks);
      // A stream has ended only when it is read on.
      await new Promise((resolve) => setTimeout(resolve, 50));
      sent.destroy();
      await eventually(() => seen.open.size === 0);
      const calls = path.startsWith('mixed/') ? received + 1 : 1;
      await eventually(() => stats.length === calls);
      expect(stats.map(({ restStatus }) => restStatus)).toEqual(Array(calls).fill(499));
      await eventually(() => children().every(({ ends }) => ends === 1));
      expect(children()).toHaveLength(calls);
      expect(seen.received).toBe(received);
    });
  },
);

promise(
  'C4',
  'With abortOnClientDisconnect a call whose client leaves while a hook runs ends at once, and sends nothing.',
  (express) => {
    test.each([
      'rest/params',
      'rest/auth',
      'rest/proxied',
      'rest/endpoint',
      'rest/path',
      'grpc/params',
      'grpc/auth',
      'mixed/waits',
    ])('%s', async (path) => {
      const { seen, stats, children, post } = await start(express);
      const sent = post(path);
      await eventually(() => seen.hooks === 1);
      sent.destroy();
      await eventually(() => stats.length === 1);
      expect(stats).toMatchObject([{ restStatus: 499 }]);
      expect(children()).toMatchObject([{ ends: 1 }]);
      expect(seen.received).toBe(0);
    });
  },
);

promise('C4', 'Nothing is sent when the client left before.', (express) => {
  test.each([
    ['rest/head', true],
    ['rest/head', false],
    ['grpc/unary', true],
    ['mixed/both', true],
    ['mixed/both', false],
  ])('%s, abortOnClientDisconnect %s', async (path, abortOnClientDisconnect) => {
    let state = '';
    const onBeforeAction = async (_req: unknown, res: any) => {
      res.once('close', () => (state = 'left'));
      state = 'entered';
      await eventually(() => state === 'left');
      setImmediate(() => (state = 'over'));
    };
    const { seen, stats, post } = await start(express, { onBeforeAction, abortOnClientDisconnect });
    const sent = post(path);
    await eventually(() => state === 'entered');
    sent.destroy();
    await eventually(() => state === 'over');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([seen.received, stats.length]).toEqual([0, 0]);
  });
});
