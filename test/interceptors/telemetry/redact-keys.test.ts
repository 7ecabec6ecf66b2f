import { createRecordingContext } from '../../fakes/recording-context';
import { failureOf, startRestAction } from '../../servers/start-rest-action';
import { sendJson, startUpstream } from '../../servers/start-upstream';

/** Calls an action with a ctx whose utils redact keys; what was logged, and the debug headers. */
async function callWith(redactSensitiveKeys: any, status = 200) {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, status));
  const { ctx, children } = createRecordingContext({ utils: { redactSensitiveKeys } });
  const params = (body: object) => ({ body });
  const { call } = await startRestAction(upstream.url, { method: 'POST', params });
  const running = call({ ctx, requestId: 'id-1', args: { phone: 'secret-value', name: 'shown' } });
  const outcome = status === 200 ? await running : await failureOf(running);
  const [child] = children();
  const logged = (status === 200 ? child?.logs : child?.errors)?.[0];
  const body = outcome.debugHeaders['x-api-request-body'] as string | undefined;
  return { upstream, logged, body: body && decodeURIComponent(body), outcome };
}

const hide =
  (...names: string[]) =>
  (data: Record<string, unknown>) => {
    const hidden = names.filter((name) => name in data).map((name) => [name, 'hidden']);
    return { ...data, ...Object.fromEntries(hidden) };
  };

test.each([
  ['a call that succeeded', 200],
  ['a call that failed', 500],
])('redactSensitiveKeys of the ctx redacts the log entry of %s', async (_name, status) => {
  const { logged } = await callWith(hide('requestId', 'url'), status);
  expect(logged?.extra).toMatchObject({ requestId: 'hidden', url: 'hidden', method: 'POST' });
});

test('redactSensitiveKeys redacts the body that debug headers show, not the one that is sent', async () => {
  const { upstream, body } = await callWith(hide('phone'));
  expect(JSON.parse(body ?? '')).toEqual({ phone: 'hidden', name: 'shown' });
  expect(upstream.last.json).toEqual({ phone: 'secret-value', name: 'shown' });
});

const failing: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw new Error('redaction is broken');
    },
  ],
  ['answers nothing', () => undefined],
];

test.each(failing)(
  'a redactSensitiveKeys that %s shows nothing, and harms no call',
  async (_name, redact) => {
    const { logged, body, outcome } = await callWith(redact);
    expect(outcome.responseData).toEqual({});
    expect(logged).toEqual({ message: 'Request completed', extra: {} });
    expect(body).toBeUndefined();
  },
);
