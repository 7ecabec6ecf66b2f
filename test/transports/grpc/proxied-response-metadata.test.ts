import { Metadata } from '@grpc/grpc-js';
import { recordingMethod, startGrpcAction } from '../../servers/start-grpc-action';

const several = new Metadata();
several.add('set-cookie', 'a=1');
several.add('set-cookie', 'b=2');
several.set('x-cost', '7');
several.set('data-bin', Buffer.from('hi'));
const upstream = { Get: recordingMethod({ itemId: 'a' }, several).method };

test('proxyResponseHeaders sends trailing metadata back by name', async () => {
  const proxyResponseHeaders = ['X-Cost', 'data-bin', 'x-absent'];
  const { post, call } = await startGrpcAction(upstream, { proxyResponseHeaders });
  const { headers } = await post();
  expect(headers).toMatchObject({ 'x-cost': '7', 'data-bin': 'aGk=' });
  expect(headers).not.toHaveProperty('x-absent');
  expect((await call()).responseHeaders).toEqual({ 'x-cost': '7', 'data-bin': 'aGk=' });
});

test('a proxyResponseHeaders function is given the trailing metadata and the type', async () => {
  const proxyResponseHeaders = jest.fn((headers) => ({ 'x-price': headers['x-cost'] }));
  const { post } = await startGrpcAction(upstream, { proxyResponseHeaders });
  expect((await post()).headers).toMatchObject({ 'x-price': '7' });
  expect(proxyResponseHeaders).toHaveBeenCalledWith(
    expect.objectContaining({ 'x-cost': '7' }),
    'grpc',
  );
});

test('H4 several Set-Cookie stay several', async () => {
  const { post } = await startGrpcAction(upstream, { proxyResponseHeaders: ['set-cookie'] });
  expect((await post()).headers['set-cookie']).toEqual(['a=1', 'b=2']);
});

test('H4 framing and grpc-* are never copied from trailers', async () => {
  const trailer = new Metadata();
  trailer.set('content-encoding', 'gzip');
  trailer.set('x-cost', '7');
  const proxyResponseHeaders = (headers: object) => ({ ...headers, 'grpc-status': '0' });
  const Get = recordingMethod({ itemId: 'a' }, trailer).method;
  const { post } = await startGrpcAction({ Get }, { proxyResponseHeaders });
  const answer = await post();
  expect(answer).toMatchObject({ json: { itemId: 'a' }, headers: { 'x-cost': '7' } });
  for (const name of ['content-encoding', 'grpc-status'])
    expect(answer.headers).not.toHaveProperty(name);
});
