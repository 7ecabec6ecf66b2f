import { Readable } from 'node:stream';
import { eventually } from '../../test/servers/eventually';
import { checkLeaks } from './check-leaks';
import { DECIDING_HOOKS } from './failing-hook';
import { promise } from './promise';
import { startService } from './start-service';
import type { ServiceOptions } from './start-service';

checkLeaks();

const throwing = () => {
  throw new Error('boom');
};
const slow = { silentMs: 100 };
const retrying = { common: { retries: 1 }, config: { axiosRetryCondition: () => true } };
const invalid = { common: { validationSchema: { type: 'object', required: ['id'] } } };
const own = () => Readable.from(['a', 'b']);
const broken = () =>
  new Readable({
    read() {
      this.destroy(new Error('boom'));
    },
  });

/** Inner calls have contexts of their own. */
const outcomes: [string, string, number, ServiceOptions][] = [
  ['a REST success', 'rest', 1, {}],
  ['a gRPC success', 'grpc', 1, {}],
  ['a mixed success', 'mixed', 3, {}],
  ['a REST failure', 'restFails', 1, {}],
  ['a gRPC failure', 'grpcFails', 1, {}],
  ['a mixed failure', 'mixedFails', 2, {}],
  ['a REST timeout', 'restSilent', 1, slow],
  ['a gRPC timeout', 'grpcSilent', 1, slow],
  ['a mixed timeout', 'mixedSilent', 3, slow],
  ['retries', 'restFails', 1, retrying],
  ['args that are not valid', 'rest', 1, invalid],
  ['a missing endpoint', 'grpc', 1, { common: { endpoint: 'none' } }],
  ['a streamed answer', 'restStream', 1, {}],
  ['a stream of a function', 'own', 1, { actions: { own } }],
  ['a stream of a function that fails', 'own', 1, { actions: { own: broken } }],
  ['a gRPC stream that is refused', 'grpcStream', 1, {}],
  ['an onRequestFailed that fails', 'restFails', 1, { config: { onRequestFailed: throwing } }],
  ['a sendStats that fails', 'rest', 1, { config: { sendStats: throwing } }],
];

promise(
  'G4',
  'Every context that a call creates is ended exactly once, and the context of the caller never, whatever becomes of the call.',
  (express) => {
    test.each(outcomes)('%s', async (_name, action, count, options) => {
      const { post, all } = await startService(express, options);
      for (const times of [1, 2]) {
        await post(action).catch(() => undefined);
        await eventually(() => all.filter(({ ends }) => ends > 0).length >= times * count);
      }
      await new Promise(setImmediate);
      expect(all.map(({ ends }) => ends)).toEqual([0, ...Array(2 * count).fill(1)]);
    });

    test.each(DECIDING_HOOKS)('a failing $name', async ({ place, kinds, suffix = '', name }) => {
      const { post, children } = await startService(express, place(throwing));
      for (const kind of kinds) await post(kind + suffix);
      expect(children().map(({ ends }) => ends)).toEqual(children().map(() => 1));
      const isBeforeTheCall = /onUnknownAction|onBeforeAction|getAuthArgs/.test(name);
      expect(children().length > 0).toBe(!isBeforeTheCall);
    });

    test.each(['restSilent', 'grpcSilent', 'mixedSilent'])(
      'a client that leaves, and a signal that is aborted: %s',
      async (action) => {
        const config = { abortOnClientDisconnect: true };
        const { url, s, ctx, sent, children } = await startService(express, { config });
        const toSend = action === 'mixedSilent' ? 2 : 1;
        const abort = new AbortController();
        const leaving = fetch(`${url}/gateway/s/${action}`, {
          method: 'POST',
          signal: abort.signal,
        });
        await eventually(() => sent() >= toSend);
        abort.abort();
        await expect(leaving).rejects.toThrow();
        const mine = new AbortController();
        const call = s[action]!({ ctx, abortSignal: mine.signal });
        await eventually(() => sent() >= 2 * toSend);
        mine.abort();
        await expect(call).rejects.toMatchObject({ error: { status: 499 } });
        const inner = action === 'mixedSilent' ? 3 : 1;
        await eventually(() => children().filter(({ ends }) => ends > 0).length >= 2 * inner);
        expect(children().map(({ ends }) => ends)).toEqual(Array(2 * inner).fill(1));
      },
    );
  },
);
