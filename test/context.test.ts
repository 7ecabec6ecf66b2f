import { getGatewayControllers } from '../lib';
import type { GatewayContext } from '../lib';

type Entry = [level: string, entry: Record<string, unknown>, message: string];

/** The built-in context, as a mixed action gets it. */
async function receiveContext(hasLogger = true) {
  const entries: Entry[] = [];
  const level =
    (name: string) =>
    (entry: object, message = '') =>
      void entries.push([name, { ...entry }, message]);
  const logger = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
  };
  let ctx: GatewayContext | undefined;
  const { api } = getGatewayControllers(
    {
      root: {
        users: {
          actions: { get: (_api: unknown, _args: object, extra: any) => void (ctx = extra.ctx) },
        },
      },
    } as never,
    hasLogger ? { logger } : {},
  );
  await (api as any).users.get();
  entries.length = 0;
  return { ctx: ctx!, entries };
}

const about = {
  context: 'Gateway users get [mixed]',
  action: 'get',
  service: 'users',
  type: 'mixed',
};

test('log, logError and stats are entries of the logger, with the tags of the context', async () => {
  const { ctx, entries } = await receiveContext();
  const error = new Error('lost');
  ctx.log('one', { a: 1 });
  ctx.logError('two', error, { b: 2 });
  ctx.stats?.({ c: 3 });
  expect(entries).toEqual([
    ['info', { ...about, a: 1 }, 'one'],
    ['error', { ...about, b: 2, err: error }, 'two'],
    ['debug', { ...about, c: 3 }, 'stats'],
  ]);
});

test('a child has its own name and tags over those of its parent', async () => {
  const { ctx, entries } = await receiveContext();
  ctx.create('child', { tags: { action: 'own', more: true } }).log('hello');
  expect(entries).toEqual([
    ['info', { ...about, context: 'child', action: 'own', more: true }, 'hello'],
  ]);
});

test('it has no metadata and no trace id, and ending it does nothing', async () => {
  const { ctx, entries } = await receiveContext();
  expect(ctx.getMetadata?.()).toEqual({});
  expect(ctx.getTraceId?.()).toBeUndefined();
  ctx.end();
  expect(entries).toEqual([]);
});

test('without a logger it is silent', async () => {
  const { ctx } = await receiveContext(false);
  const written = jest.spyOn(process.stdout, 'write');
  ctx.log('one');
  ctx.logError('two', new Error('lost'));
  ctx.create('child').stats?.({});
  expect(written).not.toHaveBeenCalled();
  written.mockRestore();
});

test('a child without tags keeps those of its parent', async () => {
  const { ctx, entries } = await receiveContext();
  ctx.create('child').create('grandchild').log('hello');
  expect(entries).toEqual([['info', { ...about, context: 'grandchild' }, 'hello']]);
});
