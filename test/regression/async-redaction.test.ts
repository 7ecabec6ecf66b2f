import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';
import { watchProcess } from '../servers/watch-process';

watchProcess();

test.each<[string, () => any]>([
  ['rejects', () => Promise.reject(new Error('boom'))],
  ['resolves', () => Promise.resolve({ shown: 'late' })],
  ['makes no object', () => 5],
])('G2: a redaction that %s hides all, and nothing goes unhandled', async (_name, redact) => {
  const utils = { redactSensitiveHeaders: redact, redactSensitiveKeys: redact };
  const { ctx, children } = createRecordingContext({ utils });
  const sent: unknown[][] = [];
  const { api } = await startGateway(
    { root: { s: { actions: { run: () => 1 } } } },
    { sendStats: (...given) => void sent.push(given) },
  );
  await api.s.run({ ctx, headers: { 'x-a': 'b' } });
  await new Promise(setImmediate);
  expect(sent.map(([, headers]) => headers)).toEqual([{}]);
  expect(children()).toMatchObject([{ logs: [{ message: 'Request completed', extra: {} }] }]);
  expect(children()[0]?.logs[0]?.extra).toEqual({});
});
