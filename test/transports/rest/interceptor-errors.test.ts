import { failureOf, startRestAction } from '../../servers/start-rest-action';
import { startUpstream } from '../../servers/start-upstream';

/** axios runs the interceptors of requests last first: the second one's error meets the first. */
async function start(errorCallback: (error: any) => unknown) {
  const upstream = await startUpstream();
  const request = [
    { callback: (config: any) => config, errorCallback },
    {
      callback: (config: any) => Promise.reject(Object.assign(new Error('refused'), { config })),
    },
  ];
  const action = await startRestAction(upstream.url, {}, { axiosInterceptors: { request } });
  return { upstream, ...action };
}

test('errorCallback of a request interceptor may rescue the request', async () => {
  const { call, upstream } = await start((error) => {
    error.config.headers.set('x-rescued', error.message);
    return error.config;
  });
  expect(await call()).toMatchObject({ responseData: { ok: true } });
  expect(upstream.last.headers).toMatchObject({ 'x-rescued': 'refused' });
});

test('errorCallback of a request interceptor may replace the error; nothing is sent', async () => {
  const { call, upstream } = await start(() => {
    throw Object.assign(new Error('no'), { status: 403, code: 'REPLACED', message: 'no' });
  });
  expect((await failureOf(call())).error).toMatchObject({ status: 403, code: 'REPLACED' });
  expect(upstream.connectionCount).toBe(0);
});
