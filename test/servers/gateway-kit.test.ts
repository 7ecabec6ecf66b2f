import { startGateway } from './start-gateway';
import { sendJson, startUpstream } from './start-upstream';

test.each([4, 5] as const)('a REST action is served through Express %d', async (version) => {
  const upstream = await startUpstream((request, response) =>
    sendJson(response, { url: request.url }),
  );
  const gateway = await startGateway(
    {
      root: {
        users: { endpoints: upstream.url, actions: { list: { method: 'GET', path: '/u' } } },
      },
    },
    {},
    { express: version },
  );
  const answer = await gateway.post('users/list');
  expect(answer).toMatchObject({ status: 200, json: { url: '/u' } });
});
