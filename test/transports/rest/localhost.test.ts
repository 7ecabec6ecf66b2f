import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { listen } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
const onRequest: RequestListener = ({ headers }, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ host: headers.host }));
};

test.each(['127.0.0.1', ...(hasIpv6 ? ['::1', '::'] : [])])(
  'U12 http://localhost reaches a server that listens on %s',
  async (address) => {
    const { port } = await listen(createServer(onRequest), address);
    const { post } = await startRestAction(`http://localhost:${port}`);
    const host = `localhost:${port}`;
    expect(await post()).toMatchObject({ status: 200, json: { host } });
    expect(await post()).toMatchObject({ status: 200, json: { host } });
  },
);

(hasIpv6 ? test : test.skip)('an IPv6 literal is an endpoint like any other', async () => {
  const { port } = await listen(createServer(onRequest), '::1');
  const { post } = await startRestAction(`http://[::1]:${port}/base`);
  expect((await post()).json).toEqual({ host: `[::1]:${port}` });
});
