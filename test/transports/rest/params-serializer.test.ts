import { startRestAction } from '../../servers/start-rest-action';
import { startUpstream } from '../../servers/start-upstream';

const query = { ids: [1, 2], q: 'a b' };

async function queryBy(paramsSerializer: any, config: object = {}) {
  const upstream = await startUpstream();
  const definition = { params: () => ({ query }), ...(paramsSerializer && { paramsSerializer }) };
  const { call } = await startRestAction(upstream.url, definition, config);
  await call();
  return upstream.last.url;
}

const joined = (params: any) => `ids=${params.ids.join('-')}&q=${params.q.length}`;

test.each([
  ['left out', undefined, '/run?ids[]=1&ids[]=2&q=a+b'],
  ['a function', joined, '/run?ids=1-2&q=3'],
  ['an object with serialize', { serialize: joined }, '/run?ids=1-2&q=3'],
  ['an object with indexes', { indexes: null }, '/run?ids=1&ids=2&q=a+b'],
  [
    'an object with encode',
    { encode: (text: string) => `~${String(text).length}` },
    '/run?~5=~1&~5=~1&~1=~3',
  ],
])('paramsSerializer as %s writes the query', async (_name, serializer, expected) => {
  expect(decodeURIComponent(await queryBy(serializer))).toBe(expected);
});

test('paramsSerializer of the action goes over that of axiosConfig', async () => {
  const axiosConfig = { paramsSerializer: () => 'by=config' };
  expect(await queryBy(undefined, { axiosConfig })).toBe('/run?by=config');
  expect(await queryBy(joined, { axiosConfig })).toBe('/run?ids=1-2&q=3');
});
