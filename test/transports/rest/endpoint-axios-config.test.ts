import { startRestAction } from '../../servers/start-rest-action';
import { sendJson, startUpstream } from '../../servers/start-upstream';

/** Calls an action whose endpoint and config both have an axiosConfig. */
async function callWith(endpoint: object, config: object) {
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/run') response.writeHead(302, { location: '/next' }).end();
    else sendJson(response, { from: 'network' });
  });
  const { call } = await startRestAction(
    { path: upstream.url, axiosConfig: endpoint },
    {},
    { axiosConfig: config },
  );
  const { responseData } = await call();
  return { upstream, responseData };
}

test('headers of the endpoint go over those of the config, one by one', async () => {
  const { upstream } = await callWith(
    { headers: { 'X-Both': 'endpoint', 'x-endpoint': '1', common: { 'x-common': 'endpoint' } } },
    { headers: { 'x-both': 'config', 'x-config': '1', common: { 'x-common': 'config' } } },
  );
  expect(upstream.last.headers).toMatchObject({
    'x-both': 'endpoint',
    'x-endpoint': '1',
    'x-config': '1',
    'x-common': 'endpoint',
  });
});

const transformBy = (by: string) => (text: string) => ({ by, ...JSON.parse(text) });

test.each([
  ['the endpoint', { transformResponse: transformBy('endpoint') }, 'endpoint'],
  ['the config', {}, 'config'],
])('transformResponse of %s applies, and no other', async (_name, endpoint, by) => {
  const { responseData } = await callWith(endpoint, { transformResponse: transformBy('config') });
  expect(responseData).toEqual({ by, from: 'network' });
});

test.each([
  ['the endpoint', true, ['endpoint']],
  ['the config', false, ['config']],
])('beforeRedirect of %s is asked, and no other', async (_name, isOwn, expected) => {
  const asked: string[] = [];
  const by = (name: string) => ({ beforeRedirect: () => void asked.push(name) });
  await callWith(isOwn ? by('endpoint') : {}, by('config'));
  expect(asked).toEqual(expected);
});

test.each([
  ['the endpoint', true, 'endpoint'],
  ['the config', false, 'config'],
])('the adapter of %s takes the place of the network', async (_name, isOwn, by) => {
  const adapterOf = (name: string) => ({
    adapter: (config: any) =>
      Promise.resolve({ data: { by: name }, status: 200, statusText: '', headers: {}, config }),
  });
  const endpoint = isOwn ? adapterOf('endpoint') : {};
  const { upstream, responseData } = await callWith(endpoint, adapterOf('config'));
  expect(responseData).toEqual({ by });
  expect(upstream.connectionCount).toBe(0);
});
