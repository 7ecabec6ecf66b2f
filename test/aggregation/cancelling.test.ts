import { getEventListeners } from 'node:events';
import { request } from 'node:http';
import { aggregate, mixed, optional, required, settle } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { eventually } from '../servers/eventually';
import { failureOf } from '../servers/start-rest-action';
import { watchProcess } from '../servers/watch-process';
import { startPage } from './start-page';

const expectNoFaults = watchProcess();

const hang = (api: any) => api.s.hang();
const hangOverGrpc = (api: any) => api.items.get({ itemId: 'hang' });
const twoOfThem = (api: any) => Promise.all([hang(api), hangOverGrpc(api)]);

/** Long enough for calls to reach their services first. */
const timeoutMs = 1500;

type Started = Awaited<ReturnType<typeof startPage>>;

const bothHang = ({ service, items }: Started) =>
  eventually(() => service.hanging.size > 0 && items.hanging.size > 0);

/** REST: the connection ends with its request. gRPC: the call on it does. */
const bothEnd = ({ service, items }: Started) =>
  eventually(() => service.sockets.size + service.hanging.size + items.hanging.size === 0);

test('a failed required part cancels the others: their upstream calls end', async () => {
  let fail!: (error: Error) => void;
  const failing = new Promise<never>((_resolve, reject) => (fail = reject));
  const page = await startPage((api) =>
    settle(api, {
      rest: optional(hang),
      grpc: required(hangOverGrpc),
      user: required(() => failing),
    }),
  );
  const answer = page.post();
  await bothHang(page);
  fail(Object.assign(new Error('Gone'), { status: 410 }));
  expect(await answer).toMatchObject({ status: 410, json: { details: { part: 'user' } } });
  await bothEnd(page);
  expect(page.service.requests).toHaveLength(1);
});

test.each(['required', 'optional'] as const)(
  'the time of one %s part ends all of its calls, over REST and gRPC',
  async (kind) => {
    const slow =
      kind === 'required' ? required(twoOfThem, { timeoutMs }) : optional(twoOfThem, { timeoutMs });
    const page = await startPage((api) => settle(api, { user: required(() => 'ada'), slow }));
    const answer = page.post();
    await bothHang(page);
    const { status, json } = await answer;
    const error = { code: 'ECONNABORTED', status: 504 };
    if (kind === 'required') {
      expect(status).toBe(504);
      expect(json).toMatchObject({
        ...error,
        message: 'The upstream service did not answer in time',
        details: { part: 'slow' },
      });
    } else {
      const data = { user: 'ada', slow: null };
      expect(json).toEqual({ data, errors: [{ key: 'slow', ...error }] });
    }
    await bothEnd(page);
  },
);

test('what a failed part has called besides ends with it', async () => {
  const page = await startPage((api) =>
    settle(api, {
      user: required(() => 'ada'),
      both: optional(async (api: any) => {
        await Promise.all([
          twoOfThem(api),
          bothHang(page).then(() => Promise.reject(new Error('no'))),
        ]);
      }),
    }),
  );
  expect(await page.post()).toMatchObject({ status: 200, json: { data: { both: null } } });
  await bothEnd(page);
});

const kinds: [string, (options: object) => any][] = [
  [
    'settle',
    (options) =>
      mixed((api) => settle(api, { rest: optional(hang), grpc: required(hangOverGrpc) }), options),
  ],
  [
    'aggregate',
    (options) =>
      aggregate({ parts: { rest: optional(hang), grpc: required(hangOverGrpc) }, ...options }),
  ],
];

test.each(kinds)('C4: the client that leaves cancels all parts of %s', async (_name, create) => {
  const page = await startPage(create({ abortOnClientDisconnect: true }));
  const client = request(`${page.url}/gateway/pages/page`, { method: 'POST', agent: false });
  client.on('error', () => undefined).end();
  await bothHang(page);
  client.destroy();
  await bothEnd(page);
});

test.each(kinds)(
  'the timeout of the action cancels all parts of %s: 504',
  async (_name, create) => {
    const page = await startPage(create({ timeout: timeoutMs }));
    const answer = page.post();
    await bothHang(page);
    const { status, json } = await answer;
    expect([status, json.code, json.details.part]).toEqual([504, 'ECONNABORTED', undefined]);
    await bothEnd(page);
  },
);

test.each(kinds)('a caller of api who cancels is told so by %s: 499', async (_name, create) => {
  const page = await startPage(create({}));
  const abort = new AbortController();
  const failure = failureOf(page.call({ abortSignal: abort.signal }));
  await bothHang(page);
  abort.abort();
  expect((await failure).error).toMatchObject({ status: 499, code: 'ERR_CANCELED' });
  await bothEnd(page);
});

test('optional parts that were cancelled are no faults in the log', async () => {
  const page = await startPage((api) =>
    settle(api, { rest: optional(hang), grpc: optional(hangOverGrpc) }),
  );
  const abort = new AbortController();
  const { ctx, children } = createRecordingContext();
  const failure = failureOf(page.call({ ctx, abortSignal: abort.signal }));
  await bothHang(page);
  abort.abort();
  expect((await failure).error).toMatchObject({ status: 499 });
  await bothEnd(page);
  await expectNoFaults();
  expect(children().map(({ errors }) => errors.map(({ message }) => message))).toEqual(
    Array(3).fill(['Request failed']),
  );
});

test('parts that do without the api have a signal of their own', async () => {
  const signals: AbortSignal[] = [];
  const wait = (_api: any, { abortSignal }: { abortSignal: AbortSignal }) => {
    signals.push(abortSignal);
    return new Promise<never>(() => undefined);
  };
  const { post } = await startPage((api) =>
    settle(api, {
      user: required(() => 'ada'),
      slow: optional(wait, { timeoutMs: 30 }),
      never: required(wait, { timeoutMs: 60 }),
      forever: required(wait),
    }),
  );
  expect(await post()).toMatchObject({ status: 504, json: { details: { part: 'never' } } });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
});

test('a part that begins after the end of the action does not run', async () => {
  const run = jest.fn();
  const ended: unknown[] = [];
  const page = await startPage(
    mixed(
      async (api, _args, { abortSignal }) => {
        await new Promise((resolve) => abortSignal!.addEventListener('abort', resolve));
        await settle(api, { user: optional(run) }).catch((error) => ended.push(error));
      },
      { timeout: 30 },
    ),
  );
  expect((await page.post()).status).toBe(504);
  await eventually(() => ended.length > 0);
  expect(run).not.toHaveBeenCalled();
});

test('G2: a cancelled part that fails later does so unheard', async () => {
  let failLate!: (error: Error) => void;
  const late = new Promise<never>((_resolve, reject) => (failLate = reject));
  const { post } = await startPage((api) =>
    settle(api, {
      late: required(() => late),
      user: required(() => Promise.reject(new Error('Broken'))),
    }),
  );
  expect(await post()).toMatchObject({ json: { message: 'Broken' } });
  failLate(new Error('later'));
  await expectNoFaults();
});

test('G4: after the end of its parts, nothing of them listens to the action`s signal', async () => {
  const seen: number[] = [];
  const { post } = await startPage(async (api, _args, { abortSignal }) => {
    const count = () => seen.push(getEventListeners(abortSignal as AbortSignal, 'abort').length);
    const parts = {
      say: required((api: any) => api.s.say({ text: 'a' })),
      slow: optional(hang, { timeoutMs: 30 }),
    };
    count();
    await settle(api, { ...parts, count: required(count) });
    count();
    await settle(api, { ...parts, failing: required(() => Promise.reject(new Error())) }).catch(
      () => undefined,
    );
    await eventually(() => getEventListeners(abortSignal as AbortSignal, 'abort').length === 0);
  });
  expect((await post()).status).toBe(200);
  expect(seen).toEqual([0, expect.any(Number), 0]);
  expect(seen[1]).toBeGreaterThan(0);
});
