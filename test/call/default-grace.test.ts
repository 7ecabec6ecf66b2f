import { getGatewayControllers } from '../../lib';
import { eventually } from '../servers/eventually';
import { failureOf } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const DEFAULT_GRACE_MS = 10_000;

afterEach(() => jest.restoreAllMocks());

test('S2: close without graceMs gives running calls 10 s, then cuts them', async () => {
  const upstream = await startUpstream(() => undefined);
  const endpoints = upstream.url;
  const actions = { run: { method: 'GET', path: '/run' } } as const;
  const { api, close } = getGatewayControllers({ root: { s: { endpoints, actions } } });
  const failure = failureOf(api.s.run());
  await eventually(() => upstream.requests.length === 1);

  // The test does not wait for as long: the one timer that counts the grace is over at once.
  const { setTimeout: start } = globalThis;
  const timers = jest
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation((run: () => void, ms?: number) =>
      start(run, ms === DEFAULT_GRACE_MS ? 0 : ms),
    );
  await close();
  expect(timers.mock.calls.filter(([, ms]) => ms === DEFAULT_GRACE_MS)).toHaveLength(1);
  expect((await failure).error.status).toBeGreaterThanOrEqual(500);
});
