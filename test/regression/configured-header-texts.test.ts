import { getGatewayControllers } from '../../lib';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const illegal = ['a\r\nx-injected: 1', 'a\0b', 'a\u007f', 'привет'];

test.each([...illegal, '', 5])('H1: a defaultLang %j fails the build', (defaultLang) => {
  const build = () => getGatewayControllers({}, { defaultLang: defaultLang as string });
  expect(build).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }));
  expect(build).toThrow('config.defaultLang');
});

test.each(illegal)(
  'H1: %j that an interceptor puts in a header is refused, not altered and sent',
  async (value) => {
    const upstream = await startUpstream();
    const callback = (config: any) => {
      config.headers['x-bad'] = value;
      return config;
    };
    const { call } = await startRestAction(
      upstream.url,
      {},
      { axiosInterceptors: { request: [{ callback }] } },
    );
    const { error } = await failureOf(call());
    expect(error).toMatchObject({ status: 500, code: 'INVALID_HEADER' });
    expect(upstream.connectionCount).toBe(0);
  },
);
