import { createRecordingContext } from '../fakes/recording-context';
import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';
import { ways } from './call-by';
import type { Way } from './call-by';

const secrets = {
  Authorization: 's3cret',
  cookie: 's3cret',
  'set-cookie': 's3cret',
  'x-auth-token': 's3cret',
  'x-service-ticket': 's3cret',
  'x-api-key': 's3cret',
};
const hidden = Object.keys(secrets).map((name) => [name.toLowerCase(), '[REDACTED]']);

async function start() {
  const upstream = await startUpstream();
  const { ctx, all } = createRecordingContext();
  const seen: unknown[][] = [];
  const actions = {
    run: {
      method: 'POST',
      path: '/a',
      proxyHeaders: (headers: object) => headers,
      params: () => ({ body: { note: 'b0dy' } }),
    },
    mixed: (_api: unknown, _args: object, { sendStats }: any) => {
      sendStats({ own: true }, { ...secrets, 'x-own': 'own' });
      return { ok: true };
    },
    broken: { method: 'POST', path: '/a', endpoint: 'absent' },
  };
  const gateway = await startGateway(
    { root: { s: { endpoints: upstream.url, actions } } } as never,
    {
      onBeforeAction: (req: any) => void (req.ctx = ctx),
      sendStats: (...told: unknown[]) => void seen.push(told),
    },
  );
  async function by(way: Way, action: string) {
    const headers = { ...secrets, 'x-plain': 'plain' };
    if (way === 'controller') await gateway.post(`s/${action}`, { arg: 'b0dy' }, headers);
    else await (gateway.api as any).s[action]({ headers, ctx }).catch(() => undefined);
    await eventually(() => seen.length > 0);
    return seen.map(([stats, shown, , extra]) => ({ stats, shown, extra }) as any);
  }
  return { by, upstream, all, seen };
}

const cases = ways.flatMap((way) =>
  ['run', 'mixed', 'broken'].map((action) => [way, action] as const),
);

test.each(cases)('X2: by %s, stats and logs of %s tell no credential', async (way, action) => {
  const { by, all } = await start();
  const told = await by(way, action);
  expect(told.at(-1).stats).toMatchObject({ action });
  expect(told.at(-1).shown).toMatchObject({ 'x-plain': 'plain' });
  const { authorization, Authorization } = told.at(-1).shown;
  expect(authorization ?? Authorization).toBe('[REDACTED]');
  expect(JSON.stringify([told, all])).not.toContain('s3cret');
});

test('X2: the credentials were sent all the same', async () => {
  const { by, upstream } = await start();
  const [told] = await by('controller', 'run');
  const { 'set-cookie': _answerOnly, ...sent } = secrets;
  const lower = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]);
  expect(upstream.last.headers).toMatchObject(Object.fromEntries(lower));
  expect(told.shown).toMatchObject(Object.fromEntries(hidden));
});

test('X2: headers that a mixed action gives to its own stats are redacted', async () => {
  const { by } = await start();
  const [own] = await by('controller', 'mixed');
  expect(own.stats).toEqual({ own: true });
  expect(own.shown).toMatchObject({ 'x-own': 'own', Authorization: '[REDACTED]' });
});

test('the headers of REST stats are those sent', async () => {
  const { by, upstream } = await start();
  const [told] = await by('controller', 'run');
  const { 'x-request-id': id, 'x-request-timeout': timeout } = upstream.last.headers;
  expect(told.shown).toMatchObject({ 'x-request-id': id, 'x-request-timeout': timeout });
});

test.each(ways)('by %s, request bodies reach neither stats nor logs', async (way) => {
  const { by, all } = await start();
  const told = await by(way, 'run');
  expect(told[0].extra.debugHeaders).toMatchObject({ 'x-api-request-method': 'POST' });
  expect(JSON.stringify([told, all])).not.toContain('b0dy');
});
