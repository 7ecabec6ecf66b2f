import { startGrpcAction } from '../servers/start-grpc-action';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { sendJson, startUpstream } from '../servers/start-upstream';

const LONG_MS = 60_000;
const SHORT_MS = 30;
const ANSWERS_AFTER_MS = 200;

/** An action whose upstream takes longer than the short time, and far less than the long one. */
async function startSlow(kind: 'rest' | 'grpc', own: object, config: object) {
  const later = (answer: () => void) => void setTimeout(answer, ANSWERS_AFTER_MS);
  if (kind === 'grpc') {
    const Get = (_call: any, callback: any) => later(() => callback(null, {}));
    return startGrpcAction({ Get }, own, config);
  }
  const { url } = await startUpstream((_request, response) => later(() => sendJson(response, {})));
  return startRestAction(url, own, config);
}

describe.each(['rest', 'grpc'] as const)('totalTimeout of a %s action', (kind) => {
  test('goes over that of the config when it is longer', async () => {
    const { call } = await startSlow(kind, { totalTimeout: LONG_MS }, { totalTimeout: SHORT_MS });
    expect(await call()).toHaveProperty('responseData');
  });

  test('goes over that of the config when it is shorter', async () => {
    const { call } = await startSlow(kind, { totalTimeout: SHORT_MS }, { totalTimeout: LONG_MS });
    expect((await failureOf(call())).error.status).toBe(504);
  });

  test("left out leaves the config's", async () => {
    const { call } = await startSlow(kind, {}, { totalTimeout: SHORT_MS });
    expect((await failureOf(call())).error.status).toBe(504);
  });
});
