import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startUpstream, sendJson } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

type Handle = (request: Request) => Promise<Response>;
const folder = join(__dirname, '..', '..', 'examples', 'nextjs');
const routeFile = join(folder, 'app', 'gateway', '[...path]', 'route.ts');

let upstream: Awaited<ReturnType<typeof startUpstream>>;
let route: { GET: Handle; POST: Handle };
let close: () => Promise<void>;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const { url } = request;
    if (url === '/notes.csv') {
      response.writeHead(200, { 'content-type': 'text/csv' }).write('id,text\n');
      return setImmediate(() => response.end('1,first\n'));
    }
    return sendJson(
      response,
      url === '/notes' ? { id: '2', ...request.json } : { id: '1', text: 'first' },
    );
  });
  process.env['NOTES_URL'] = upstream.url;
  route = jest.requireActual(routeFile);
  const { gateway } = jest.requireActual(join(folder, 'gateway.ts'));
  close = () => gateway.close({ graceMs: 0 });
});
afterAll(() => close());

const at = (path: string) => `https://front.test/gateway/${path}`;
const json = { 'content-type': 'application/json' };

test('the route handler is five lines', () => {
  expect(readFileSync(routeFile, 'utf8').trimEnd().split('\n')).toHaveLength(5);
});

test('it answers POST and GET as Next calls them', async () => {
  const body = JSON.stringify({ id: '1' });
  const posted = await route.POST(
    new Request(at('notes/get'), { method: 'POST', headers: json, body }),
  );
  expect(posted.status).toBe(200);
  expect(await posted.json()).toEqual({ id: '1', text: 'first' });
  const got = await route.GET(new Request(at('notes/get?id=1')));
  expect(await got.json()).toEqual({ id: '1', text: 'first' });
});

test('bodies are streams, of the request and of the answer', async () => {
  const chunks = [Buffer.from('{"text":'), Buffer.from('"second"}')];
  const body = new ReadableStream({
    pull: (controller) => {
      const chunk = chunks.shift();
      return chunk ? controller.enqueue(chunk) : controller.close();
    },
  });
  const created = await route.POST(
    new Request(at('notes/create'), {
      method: 'POST',
      headers: json,
      body,
      duplex: 'half',
    } as never),
  );
  expect(await created.json()).toEqual({ id: '2', text: 'second' });

  const exported = await route.POST(new Request(at('notes/export'), { method: 'POST' }));
  expect(exported.headers.get('content-type')).toBe('text/csv');
  const read: string[] = [];
  for await (const chunk of exported.body as AsyncIterable<Uint8Array>) {
    read.push(Buffer.from(chunk).toString());
  }
  expect(read.join('')).toBe('id,text\n1,first\n');
});

test('an unknown action is the 404 of the gateway', async () => {
  const answer = await route.POST(new Request(at('notes/none'), { method: 'POST' }));
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'UNKNOWN_SERVICE_ACTION' });
});
