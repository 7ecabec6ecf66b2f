import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('full disk');
    },
  ],
  ['rejects', () => Promise.reject(new Error('full disk'))],
])('K3: a ctx.log that %s is logged once as a failure', async (_way, log) => {
  const { ctx, children } = createRecordingContext({ log });
  const { api } = await startGateway({ root: { s: { actions: { run: () => 1 } } } });
  await api.s.run({ ctx });
  await new Promise(setImmediate);
  expect(children()).toMatchObject([{ errors: [{ message: 'ctx.log failed' }], ends: 1 }]);
});
