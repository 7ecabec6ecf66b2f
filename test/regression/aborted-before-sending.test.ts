import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const axiosConfig = { maxBodyLength: 1000 };

test.each(['json', 'stream'] as const)(
  'C3: a call over axios (%s) that is aborted right before it is sent is not sent',
  async (responseType) => {
    const upstream = await startUpstream((_request, response) => response.end('{}'));
    const aborting = new AbortController();
    let isFirst = true;
    // The interceptors come last before the wait for what has arrived on idle connections.
    const callback = <T>(config: T): T => {
      if (isFirst) setImmediate(() => aborting.abort());
      isFirst = false;
      return config;
    };
    const { call } = await startRestAction(
      upstream.url,
      { responseType, method: 'POST' },
      { axiosConfig, axiosInterceptors: { request: [{ callback }] } },
    );
    const failure = await failureOf(call({ abortSignal: aborting.signal }));
    expect(failure.error).toMatchObject({ status: 499, code: 'ERR_CANCELED' });
    // Whatever was sent before would have come before.
    const { responseData } = await call();
    responseData.resume?.();
    expect(upstream.requests.length).toBe(1);
    expect(upstream.connectionCount).toBe(1);
  },
);
