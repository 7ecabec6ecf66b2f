import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const secret = 's3cret';

test.each<[string, unknown]>([
  ['JSON', { data: JSON.stringify({ password: secret }) }],
  ['JSON within JSON', { data: JSON.stringify({ data: JSON.stringify({ apiKey: secret }) }) }],
  ['form', { list: [`user=a&access_token=${secret}`] }],
])('H5: no credential is shown of a %s text within a body', async (_name, body) => {
  const upstream = await startUpstream();
  const action = { method: 'POST', params: () => ({ body }) } as const;
  const { post } = await startRestAction(upstream.url, action, { withDebugHeaders: true });
  const { headers } = await post();
  expect(headers).toMatchObject({ 'x-api-request-body': expect.stringContaining('REDACTED') });
  expect(JSON.stringify(headers)).not.toContain(secret);
});
