import { eventually } from '../../test/servers/eventually';
import { watchProcess } from '../../test/servers/watch-process';
import { checkLeaks } from './check-leaks';
import { DECIDING_HOOKS } from './failing-hook';
import { promise } from './promise';
import type { ExpressVersion } from './promise';
import { KINDS, startService } from './start-service';
import type { ServiceOptions } from './start-service';

checkLeaks();
const expectNoFaults = watchProcess();

type Change = (req: any, res: any) => unknown;

/** What became of every call of the controller: how it returned, and how its promise ended. */
async function startWatched(
  express: ExpressVersion,
  options: ServiceOptions = {},
  change: Change = () => undefined,
) {
  const outcomes: string[] = [];
  const watch = async (controller: any, req: unknown, res: unknown) => {
    try {
      const promised: unknown = controller(req, res);
      outcomes.push(promised instanceof Promise ? 'called' : 'no promise');
      outcomes.push(`resolved: ${String(await promised)}`);
    } catch (error) {
      outcomes.push(`failed: ${String(error)}`);
    }
  };
  const use = (app: any) =>
    app.post('/gateway/:service/:action', (req: unknown, res: unknown) => {
      change(req, res);
      void watch(started.controller, req, res);
    });
  const started = await startService(express, { ...options, use });
  return {
    ...started,
    /** That `count` calls have come to their end, none of them rejected. */
    expectResolved: async (count = 1) => {
      await eventually(() => outcomes.length >= 2 * count);
      expect([...outcomes].sort()).toEqual([
        ...Array(count).fill('called'),
        ...Array(count).fill('resolved: undefined'),
      ]);
      await expectNoFaults();
    },
  };
}

function throwing(): never {
  throw new Error('boom');
}
const unreadable = (name: string) => (of: object) =>
  Object.defineProperty(of, name, { get: throwing, configurable: true });

const ANSWERED = expect.objectContaining({ status: expect.any(Number) });
const outcomeOf = (answer: Promise<unknown>) => answer.catch(() => 'gone');

const broken: [string, Change][] = [
  ['params are missing', (req) => void (req.params = undefined)],
  ['body cannot be read', (req) => unreadable('body')(req)],
  ['headers cannot be read', (req) => unreadable('headers')(req)],
  ['id is an object', (req) => void (req.id = { id: 1 })],
  ['context is null', (req) => void (req.ctx = null)],
  ['context is a text', (req) => void (req.ctx = 'ctx')],
  ['context cannot be read', (req) => unreadable('ctx')(req)],
  ['locals are missing', (_req, res) => void (res.locals = undefined)],
  ['setHeader throws', (_req, res) => void (res.setHeader = throwing)],
  ['end throws', (_req, res) => void (res.end = throwing)],
  [
    'end and destroy throw',
    (_req, res) => void Object.assign(res, { end: throwing, destroy: throwing }),
  ],
  [
    'listeners cannot be added',
    (_req, res) => void Object.assign(res, { once: throwing, on: throwing }),
  ],
  ['answer is sent already', (_req, res) => res.end('own')],
  ['connection is destroyed already', (_req, res) => res.destroy()],
];

promise(
  'G1',
  'The promise of the controller never rejects, and the call never throws; an answer is always sent, or the connection is gone.',
  (express) => {
    test.each(broken)('a request or response whose %s', async (_name, change) => {
      const { post, expectResolved } = await startWatched(express, {}, change);
      for (const kind of KINDS)
        expect([ANSWERED, 'gone']).toContainEqual(await outcomeOf(post(kind)));
      await expectResolved(KINDS.length);
    });

    test.each(DECIDING_HOOKS)('a failing $name', async ({ place, kinds, suffix = '' }) => {
      const { post, expectResolved } = await startWatched(express, place(throwing));
      for (const kind of kinds) expect(await post(kind + suffix)).toEqual(ANSWERED);
      await expectResolved(kinds.length);
    });

    test.each(KINDS)('an upstream of %s that refuses, or says nothing', async (kind) => {
      const options = { silentMs: 100 };
      const { post, rest, grpc, expectResolved } = await startWatched(express, options);
      expect(await post(`${kind}Fails`)).toMatchObject({ status: 409 });
      if (kind !== 'mixed') expect(await post(`${kind}Silent`)).toMatchObject({ status: 504 });
      await Promise.all([rest.close(), grpc.close()]);
      expect((await post(kind)).status).toBeGreaterThanOrEqual(502);
      await expectResolved(kind === 'mixed' ? 2 : 3);
    });

    test.each([{}, { headers: {}, params: {} }, { socket: {}, headers: {} }])(
      'objects that are no request and no response: %j',
      async (nothing) => {
        const { controller } = await startService(express);
        await expect(controller({ ...nothing }, {})).resolves.toBeUndefined();
        await expect(controller({}, { ...nothing })).resolves.toBeUndefined();
      },
    );
  },
);
