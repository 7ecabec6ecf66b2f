import { startGateway } from '../servers/start-gateway';

const thrown = {
  error: { status: 400, code: 'OWN', message: 'of a mixed action' },
  debugHeaders: {
    'X-Own': 'kept',
    'x-lines': 'a\r\nя',
    'x-number': 5,
    'x bad': '1',
    authorization: 's3cret',
    'set-cookie': 'sid=s3cret',
    'content-length': '5',
    'transfer-encoding': 'chunked',
    ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`x-${at}`, 'a'.repeat(5000)])),
  },
};

test('H5: debug headers that a mixed action throws are bounded and redacted like all others', async () => {
  const run = () => {
    throw thrown as unknown as Error;
  };
  const { post } = await startGateway(
    { root: { s: { actions: { run } } } },
    { withDebugHeaders: true },
  );
  const { status, json, headers } = await post('s/run');
  expect({ status, json }).toMatchObject({ status: 400, json: { code: 'OWN' } });
  expect(headers).toMatchObject({ 'x-own': 'kept', 'x-lines': 'a%0D%0A%D1%8F', 'x-number': '5' });
  expect(JSON.stringify(headers)).not.toContain('s3cret');
  const shown = Object.entries(headers).filter(([name]) => name.startsWith('x-'));
  expect(Math.max(...shown.map(([, value]) => String(value).length))).toBe(2048);
  expect(shown.flat().join('').length).toBeLessThanOrEqual(8192);
});
