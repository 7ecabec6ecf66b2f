import { encodeMessage } from '../servers/encode-message';
import { frame, startHttp2Upstream } from '../servers/start-http2-upstream';
import { startShopAt } from '../transports/grpc/start-shop';

test('C5: a gRPC stream that nobody has begun to read does not take in all that comes', async () => {
  let sent = 0;
  const message = frame(encodeMessage('shop.Item', { note: 'x'.repeat(65_536) }));
  const most = 300 * message.length;
  const { address } = await startHttp2Upstream((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    const feed = () => {
      do sent += message.length;
      while (sent < most && !stream.destroyed && stream.write(message));
    };
    stream.on('drain', feed);
    feed();
  });
  const { items } = await startShopAt(address);
  const { stream } = await items['watch']!();
  stream.on('error', () => undefined);
  let before = -1;
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect(sent).toBeLessThan(most);
  stream.destroy();
});
