import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { startUpstream } from '../servers/start-upstream';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

function startExample(port: string): ChildProcess {
  const { scripts } = jest.requireActual<{ scripts: { start: string } }>('../../package.json');
  const args = scripts.start.replace(/^.*?\bnode /, '').split(' ');
  return spawn(process.execPath, args, { cwd: root, env: { ...process.env, PORT: port } });
}

async function readLines(example: ChildProcess) {
  const curls: string[] = [];
  const stock: string[] = [];
  for await (const line of createInterface({ input: example.stdout! })) {
    if (line.startsWith('curl ')) curls.push(line);
    if (line.startsWith('The stock of')) stock.push(line);
    if (curls.length === 6 && stock.length === 3) return { curls, stock };
  }
  throw new Error(`the example ended after printing ${curls.length + stock.length} lines`);
}

async function paste(line: string): Promise<unknown> {
  const { stdout } = await run('bash', ['-c', line]);
  return JSON.parse(stdout) as unknown;
}

describe('the storefront', () => {
  let example: ChildProcess;
  let curls: string[];
  let stock: string[];

  beforeAll(async () => {
    example = startExample('0');
    ({ curls, stock } = await readLines(example));
  });

  afterAll(() => void example.kill('SIGKILL'));

  test('answers the REST line', async () => {
    expect(await paste(curls[0]!)).toEqual({ id: 'u1', name: 'Ada', city: 'London' });
  });

  test('answers the search line, in the currency of the passed header', async () => {
    expect(await paste(curls[1]!)).toEqual({
      items: [
        { id: 'p1', title: 'Tea pot', price: 25 },
        { id: 'p3', title: 'Tea set', price: 60 },
      ],
      total: 2,
      currency: 'EUR',
    });
  });

  test('answers the gRPC line', async () => {
    expect(await paste(curls[2]!)).toEqual({ productId: 'p1', available: 7 });
  });

  test('answers the line of a service that describes itself', async () => {
    const quote = { priceBySpeed: { normal: 3, express: 9 }, daysAtMost: 2 };
    expect(await paste(curls[3]!)).toEqual(quote);
  });

  test('answers the mixed line over REST and gRPC', async () => {
    const overview = { name: 'Ada', orders: 2, spent: 85, buyAgain: ['p1'] };
    expect(await paste(curls[4]!)).toEqual(overview);
  });

  test('answers the line of a customer, whom the token names', async () => {
    const orders = await paste(curls[5]!);
    expect(orders).toMatchObject([{ userId: 'u1' }, { userId: 'u1' }]);
    const anonymous = curls[5]!.replace("-H 'authorization: Bearer demo'", '');
    expect(await paste(anonymous)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('tells how many calls are left', async () => {
    const { stdout } = await run('bash', ['-c', curls[0]!.replace('curl -s', 'curl -s -i')]);
    expect(stdout).toMatch(/^ratelimit: "default";r=\d+;t=\d+\r$/im);
  });

  test('prints what it reads from the stream', () => {
    expect(stock.map((line) => line.split(' ').at(-1))).toEqual(['7', '6', '5']);
  });

  test('answers a product that the inventory does not know with the status of its gRPC code', async () => {
    const unknown = curls[2]!.replace('p1', 'p9');
    expect(await paste(unknown)).toMatchObject({
      status: 404,
      message: 'There is no such product',
      details: { title: 'NOT_FOUND', grpcCode: 5 },
    });
  });

  test('refuses the stream over HTTP', async () => {
    const watch = curls[2]!.replace('getStock', 'watchStock');
    expect(await paste(watch)).toMatchObject({ status: 501, code: 'STREAM_NOT_SUPPORTED' });
  });

  test('refuses a search that its schema does not admit', async () => {
    const wrong = curls[1]!.replace('"limit":5', '"limit":500');
    expect(await paste(wrong)).toMatchObject({ status: 400, code: 'INVALID_PARAMS' });
  });

  test('passes the failure of the orders on without a token', async () => {
    const anonymous = curls[4]!.replace("-H 'authorization: Bearer demo'", '');
    expect(await paste(anonymous)).toMatchObject({ status: 401, code: 'NO_TOKEN' });
  });

  test.each([
    ['retries the reviews that fail at times', 'shop/reviews/get', { productId: 'p1', stars: 4.5 }],
    ['waits for the slow report', 'office/reports/sales', { orders: 3, revenue: 125 }],
  ])('%s', async (_name, action, answer) => {
    const line = curls[0]!
      .replace('shop/users/get', action)
      .replace('{"id":"u1"}', '{"productId":"p1"}');
    expect(await paste(line)).toEqual(answer);
  });

  test('refuses a body that is no JSON in the shape of the gateway', async () => {
    const broken = curls[0]!.replace('{"id":"u1"}', '{');
    expect(await paste(broken)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  test('exits 0 on SIGTERM', async () => {
    const exited = once(example, 'exit');
    example.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});

test('a storefront whose port is taken says so and exits 1', async () => {
  const { port } = await startUpstream();
  const example = startExample(String(port));
  const errors: string[] = [];
  example.stderr!.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  expect(await once(example, 'close')).toEqual([1, null]);
  expect(errors.join('')).toMatch(/EADDRINUSE.*set PORT/);
});
