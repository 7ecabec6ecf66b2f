import { eventually } from '../servers/eventually';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

test('S2: a write over axios that close() ends is 503 GATEWAY_CLOSED', async () => {
  const upstream = await startUpstream(() => undefined);
  const axiosConfig = { maxBodyLength: 1000 };
  const { call, close } = await startRestAction(upstream.url, { method: 'POST' }, { axiosConfig });
  const failure = failureOf(call());
  await eventually(() => upstream.requests.length === 1);
  await close({ graceMs: 0 });
  expect((await failure).error).toMatchObject({ status: 503, code: 'GATEWAY_CLOSED' });
});
