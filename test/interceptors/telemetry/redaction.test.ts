import { createRecordingContext } from '../../fakes/recording-context';
import { startGateway } from '../../servers/start-gateway';
import { startUpstream } from '../../servers/start-upstream';

const sensitive = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'proxy-authorization',
  'proxy-anything',
  'x-user-token',
  'x-session-ticket',
  'x-api-key',
];

async function statsHeaders(call: object, config: object = {}): Promise<Record<string, unknown>> {
  const records: Record<string, unknown>[] = [];
  const upstream = await startUpstream();
  const gateway = await startGateway(
    {
      root: {
        users: {
          endpoints: upstream.url,
          actions: { get: { method: 'GET', path: '/' }, mixed: () => null },
        },
      },
    } as never,
    { sendStats: (_stats: unknown, headers: any) => void records.push(headers), ...config },
  );
  const { users }: any = gateway.api;
  await users.mixed(call);
  await users.get(call);
  return { ...records[0], ...records[1] };
}

test.each(sensitive)('X2: sendStats never sees the value of %s', async (name) => {
  const shown = await statsHeaders(
    { headers: { [name]: 'secret-value', 'x-other': 'shown' } },
    { proxyHeaders: (headers: object) => headers },
  );
  expect(shown).toMatchObject({ 'x-other': 'shown' });
  expect(shown[name]).toBe('[REDACTED]');
  expect(JSON.stringify(shown)).not.toContain('secret-value');
});

test('X2: headers from auth hooks are redacted, whatever their names', async () => {
  const shown = await statsHeaders({}, { getAuthHeaders: () => ({ 'X-Whoami': 'secret-value' }) });
  expect(shown).toMatchObject({ 'x-whoami': '[REDACTED]' });
});

test("the utils of the caller's ctx redact more, over what is redacted already", async () => {
  const seen: unknown[] = [];
  const { ctx } = createRecordingContext();
  const redactSensitiveHeaders = (headers: Record<string, unknown>) => {
    seen.push(headers['authorization']);
    return { ...headers, 'x-other': 'hidden' };
  };
  const shown = await statsHeaders({
    ctx: { ...ctx, utils: { redactSensitiveHeaders } },
    headers: { authorization: 'secret-value', 'x-other': 'shown' },
  });
  expect(shown).toMatchObject({ 'x-other': 'hidden' });
  expect(seen[0]).toBe('[REDACTED]');
});
