import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import { eventually } from '../../test/servers/eventually';
import { grpcError, PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { makeCertificates } from '../../test/servers/make-certificates';
import { startGateway } from '../../test/servers/start-gateway';
import { startRestAction } from '../../test/servers/start-rest-action';
import { startTcpRelay } from '../../test/servers/start-tcp-relay';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions, startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { FAULTS } from './grpc-faults';
import { promise, promiseOnce } from './promise';
import { startProgram } from './start-program';

// A busy machine takes several times as long.
jest.setTimeout(120_000);

checkLeaks();

/** Answers each path with a failure of its own kind. */
async function startFailingRest(): Promise<string> {
  const { url } = await startUpstream(({ url: path }, response) => {
    if (path === '/slow') return setTimeout(() => sendJson(response, {}), 50);
    if (path === '/redirected') return response.writeHead(302, { location: '/redirected' }).end();
    if (!/broken|cut|untyped|streamed|transformed/.test(path)) {
      return sendJson(response, { code: 'DOWN', message: 'no' }, 503);
    }
    response.setHeader('content-type', 'application/json');
    if (path === '/cut') return response.write('{"half"', () => response.destroy());
    return response.end(path === '/broken' ? '{broken' : '{}');
  });
  return url;
}

const failing = {
  Get: ({ request }: any, callback: any) => {
    if (request.itemId !== 'slow') callback(grpcError(14, 'no'));
  },
  Watch: (call: any) => call.emit('error', grpcError(5, 'no')),
};

const TURNS: [number, number] = [20, 40];

async function lookTwice() {
  const rest = await startFailingRest();
  const { address: grpc } = await startGrpcUpstream(failing);
  let count = 0;
  const { address: faulty } = await startHttp2Upstream((stream, drop) => {
    FAULTS[count++ % FAULTS.length]?.fault(stream, drop);
  });
  const absent = await startGrpcUpstream({});
  await absent.close();
  const input = { rest, grpc, faulty, gone: absent.address, protoRoot: PROTO_ROOT, turns: TURNS };
  return startProgram('failing', input, { flags: ['--expose-gc'] }).read();
}

promiseOnce('L3', 'Heap, timers and listeners stay flat over 2,400 failing calls.', () => {
  test('of all kinds, over REST, gRPC and mixed, by api and by few connections of browsers', async () => {
    const { kinds, looks } = await lookTwice();
    const [before, after] = looks;
    expect(kinds * 2 * TURNS[1]).toBe(2400);
    expect(Object.keys(after.failures).every((status) => Number(status) >= 400)).toBe(true);
    expect(after.contexts).toEqual({ made: after.contexts.made, ended: after.contexts.made });
    expect(after.contexts.made).toBeGreaterThan(2400);
    // Less than half a kilobyte for each call; what is compiled late is in it.
    expect(after.heapKb - before.heapKb).toBeLessThan(1200);
    expect(after.timers - before.timers).toBeLessThan(100);
    expect(after).toMatchObject({
      signalListeners: 0,
      processListeners: before.processListeners,
      warnings: [],
    });
    expect(after.socketListeners.browser).toBeLessThanOrEqual(before.socketListeners.browser);
    expect(after.socketListeners.upstream).toBeLessThanOrEqual(before.socketListeners.upstream);
  });
});

const certificates = makeCertificates();

promise(
  'L3',
  'Calls share one client per endpoint and identity; none is made per call.',
  (express) => {
    test('gRPC: 300 failing calls by two identities have two connections', async () => {
      const { ca, server, client } = certificates;
      const read = (file: string) => readFileSync(file);
      const pair = { private_key: read(server.key), cert_chain: read(server.cert) };
      const upstream = await startGrpcUpstream(failing, {
        credentials: ServerCredentials.createSsl(read(ca), [pair], false),
      });
      const relay = await startTcpRelay(upstream.port);
      const withCa = { path: relay.address, caCertificatePath: ca };
      const withIdentity = {
        ...withCa,
        clientCertificatePath: client.cert,
        clientKeyPath: client.key,
      };
      const services = [withCa, withCa, withIdentity].map((endpoints, n) => {
        return [`s${n}`, { endpoints, actions: shopActions }];
      });
      const schemas = { root: Object.fromEntries(services) } as never;
      const gateway = await startGateway(schemas, { includeProtoRoots: [PROTO_ROOT] }, { express });
      for (let n = 0; n < 100; n++) {
        const answers = await Promise.all([0, 1, 2].map((at) => gateway.post(`s${at}/get`)));
        expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
      }
      expect(relay.count).toBe(2);
    });

    test.each(['GET', 'POST'] as const)(
      'REST: 300 failing calls of %s have few connections',
      async (method) => {
        const upstream = await startUpstream((_request, response) => sendJson(response, {}, 500));
        const { post } = await startRestAction(upstream.url, { method }, {}, { express });
        for (let n = 0; n < 300; n++) expect((await post()).status).toBe(500);
        // A write gets a new connection where an idle one may be about to close (U9, U11).
        expect(upstream.connectionCount).toBeLessThanOrEqual(method === 'GET' ? 1 : 60);
      },
    );

    test('gRPC: 40 deadlines in a row, each of which renews the client, leave one', async () => {
      const { port } = await startGrpcUpstream({
        Get: ({ request }: any, callback: any) => {
          if (request.itemId !== 'slow') callback(null, {});
        },
      });
      const relay = await startTcpRelay(port);
      const actions = { slow: { ...shopActions.get, timeout: 20 } };
      const { post } = await startShopAt(relay.address, { actions, express });
      for (let n = 0; n < 40; n++) {
        expect((await post('items/slow', { itemId: 'slow' })).status).toBe(504);
      }
      expect((await post('items/get')).status).toBe(200);
      await eventually(() => relay.sockets.size === 1);
    });
  },
);
