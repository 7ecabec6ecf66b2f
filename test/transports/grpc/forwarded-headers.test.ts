import { recordingMethod, startGrpcAction } from '../../servers/start-grpc-action';

const client = { 'x-forwarded-for': '10.0.0.9', 'x-real-ip': '10.0.0.9' };

async function sentBy(config: object, action: object = {}) {
  const get = recordingMethod();
  const { post } = await startGrpcAction({ Get: get.method }, action, config);
  expect(await post({}, client)).toMatchObject({ status: 200 });
  return get.last.metadata.getMap();
}

test.each([
  ['left out', {}],
  ['pass', { forwardedHeaders: 'pass' }],
])('H6: forwardedHeaders %s passes both on as metadata', async (_name, config) => {
  expect(await sentBy(config)).toMatchObject(client);
});

test.each([
  ['unasked', {}],
  ['named', { proxyHeaders: ['X-Forwarded-For', 'x-real-ip'] }],
  ['copied by proxyHeaders', { proxyHeaders: (headers: object) => headers }],
  ['copied by getAuthHeaders', { getAuthHeaders: ({ requestHeaders }: any) => requestHeaders }],
  ['copied by params', { params: (body: object, headers: object) => ({ body, headers }) }],
])('H6: drop keeps them out of metadata, %s', async (_name, action) => {
  const sent = await sentBy({ forwardedHeaders: 'drop' }, action);
  for (const name of Object.keys(client)) expect(sent).not.toHaveProperty(name);
});

test.each([
  ['unasked', {}],
  [
    'when params copies the request',
    { params: (body: object, headers: object) => ({ body, headers }) },
  ],
])('H6: append adds the address of the client, %s', async (_name, action) => {
  const sent = await sentBy({ forwardedHeaders: 'append' }, action);
  expect(String(sent['x-forwarded-for']).replace('::ffff:', '')).toBe('10.0.0.9, 127.0.0.1');
});

test('H6: drop leaves alone what params makes itself', async () => {
  const params = (body: object) => ({ body, headers: { 'x-real-ip': '192.0.2.1' } });
  const sent = await sentBy({ forwardedHeaders: 'drop' }, { params });
  expect(sent).toMatchObject({ 'x-real-ip': '192.0.2.1' });
});
