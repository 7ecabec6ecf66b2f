import { recordingMethod, startGrpcAction } from '../servers/start-grpc-action';

/** Servers of HTTP/2 ignore a field with such a value (RFC 9113 section 8.2.1): a token would be lost. */
test.each([
  ['authorization', 'Bearer token ', 'Bearer token'],
  ['x-name', ' two words', 'two words'],
  ['x-name', '\ttab', '%09tab'],
  ['x-name', '\u00a0no-break', '%C2%A0no-break'],
  ['x-name', ' ', ''],
])('blanks around the value of the metadata %s do not keep it back', async (name, value, came) => {
  const get = recordingMethod();
  const getAuthHeaders = () => ({ [name]: value });
  const { post } = await startGrpcAction({ Get: get.method }, { getAuthHeaders });
  expect((await post()).status).toBe(200);
  expect(get.last.metadata.get(name)).toEqual([came]);
});
