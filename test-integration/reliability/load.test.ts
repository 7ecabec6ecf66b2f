import { Agent, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { encodeMessage } from '../../test/servers/encode-message';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { frame, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';
import { startProgram } from './start-program';

// A busy machine takes several times as long.
jest.setTimeout(300_000);

checkLeaks();

const CALLS = 10_000;

/** The gateway in a process of its own, before upstreams of this one. */
async function startServing(rest: string, grpc: string) {
  const { port } = await startProgram('serving', { rest, grpc, protoRoot: PROTO_ROOT }).read();
  const agent = new Agent({ keepAlive: true });

  function send(method: string, path: string, body?: string) {
    const headers = { 'content-type': 'application/json' };
    return new Promise<{ status: number; bytes: Buffer }>((resolve, reject) => {
      const request = httpRequest({ agent, port, method, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('error', reject);
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, bytes: Buffer.concat(chunks) });
        });
      });
      request.on('error', reject).end(body);
    });
  }
  const post = (path: string, args: object = {}) =>
    send('POST', `/gateway/${path}`, JSON.stringify(args));
  const figures = async () =>
    JSON.parse((await send('GET', '/figures')).bytes.toString()) as {
      maxRssMb: number;
      standingMs: number;
    };
  return { post, figures, close: () => agent.destroy() };
}

async function startItems() {
  const rest = await startUpstream(({ url }, response) =>
    setImmediate(() => sendJson(response, { id: url.split('/').at(-1) })),
  );
  const Get = ({ request }: any, callback: any) => callback(null, { itemId: request.itemId });
  const grpc = await startGrpcUpstream({ Get });
  return startServing(rest.url, grpc.address);
}

const MOST_MB = 600;
/** Minutes on a busy machine, and the same code as both in turn. */
const longTest = process.env['TEST_LONG'] === '1' ? test : test.skip;

promiseOnce(
  'L2',
  '10,000 concurrent calls succeed, and the process of the gateway stays under 600 MB.',
  () => {
    let serving: Awaited<ReturnType<typeof startServing>>;
    beforeEach(async () => (serving = await startItems()));
    afterEach(() => serving.close());

    async function expectAllRight(name: string) {
      expect((await serving.post(`mixed/${name}`)).bytes.toString()).toBe(String(CALLS));
      expect((await serving.figures()).maxRssMb).toBeLessThan(MOST_MB);
    }
    test('called through api, REST and gRPC in turn', () => expectAllRight('manyOfBoth'));
    longTest('called through api, all REST', () => expectAllRight('manyRest'));
    longTest('called through api, all gRPC', () => expectAllRight('manyGrpc'));

    test('over as many connections to the controller', async () => {
      const ids = Array.from({ length: CALLS }, (_, id) => String(id));
      const answers = await Promise.all(ids.map((id) => serving.post('rest/item', { id })));
      const right = answers.filter(
        ({ status, bytes }, id) => status === 200 && bytes.toString() === `{"id":"${id}"}`,
      );
      expect(right).toHaveLength(CALLS);
      expect((await serving.figures()).maxRssMb).toBeLessThan(MOST_MB);
    });
  },
);

const LENGTH = 165_000;
const list = Array.from({ length: LENGTH }, (_, id) => ({ id, name: 'n'.repeat(60), tags: ['a'] }));
const text = JSON.stringify(list);
const message = encodeMessage('shop.Item', {
  tags: Array.from({ length: LENGTH }, () => 't'.repeat(80)),
  prices: Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`price-${n}`, n])),
});

/** Answers with 15 MB of each kind. */
async function startBig() {
  const gzipped = gzipSync(text);
  const rest = await startUpstream(({ url }, response) => {
    response.setHeader('content-type', 'application/json');
    if (url === '/save') return response.end('{"saved":true}');
    if (url === '/big/failure') response.statusCode = 500;
    if (url === '/big/gzip') response.setHeader('content-encoding', 'gzip');
    response.end(url === '/big/gzip' ? gzipped : url === '/big/broken' ? `${text}]` : text);
  });
  const grpc = await startHttp2Upstream((stream) => {
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': 0 }));
    stream.end(frame(message));
  });
  return startServing(rest.url, grpc.address);
}

promiseOnce(
  'L2',
  'The event loop of the gateway never stands longer than 1.5 s for bodies of 15 MB.',
  () => {
    const echoed = { tags: Array.from({ length: LENGTH }, () => 't'.repeat(80)) };

    test('received and sent, as JSON and as messages', async () => {
      expect(Math.min(text.length, message.length)).toBeGreaterThan(15 * 1000 * 1000);
      const { post, figures, close } = await startBig();
      await figures();
      const kinds: [string, object, number][] = [
        ['rest/big', { how: 'plain' }, 200],
        ['rest/big', { how: 'gzip' }, 200],
        ['rest/big', { how: 'failure' }, 500],
        ['rest/transformed', { how: 'plain' }, 200],
        ['rest/transformed', { how: 'broken' }, 502],
        ['mixed/parsed', {}, 200],
        ['rest/save', { list }, 200],
        ['grpc/echo', echoed, 200],
      ];
      for (const [path, args, status] of kinds) {
        expect({ path, args: {}, ...(await post(path, args)) }).toMatchObject({ path, status });
        const { standingMs } = await figures();
        expect({ path, isShort: standingMs < 1500 }).toEqual({ path, isShort: true });
      }
      close();
    });
  },
);
