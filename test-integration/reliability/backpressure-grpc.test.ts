import { once } from 'node:events';
import { eventually } from '../../test/servers/eventually';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { frame, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { startShop, startShopAt } from '../../test/transports/grpc/start-shop';
import { encodeMessage } from '../../test/servers/encode-message';
import { untilStill } from './backpressure-streams';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const KINDS = ['watch', 'collect', 'chat'] as const;

/** Methods that say nothing but, where they answer with a stream, one message. */
async function startOpen(express: 4 | 5) {
  const calls: any[] = [];
  let cancelled = 0;
  const hold = (call: any) => {
    calls.push(call);
    call.on('cancelled', () => cancelled++).on('error', () => undefined);
    call.resume?.();
  };
  const begin = (call: any) => (hold(call), call.write({ itemId: 'a' }));
  let answer: (error: object) => void = () => undefined;
  const Collect = (call: any, callback: any) => (hold(call), (answer = callback));
  const shop = await startShop({ Watch: begin, Collect, Chat: begin }, { express });
  const fail = (kind: string) => {
    const error = grpcError(9, 'no');
    if (kind === 'collect') answer(error);
    else calls[0].emit('error', error);
  };
  return { ...shop, calls, fail, cancelled: () => cancelled };
}

promise(
  'C5',
  'An error of a gRPC upstream reaches the reader of the stream, and is reported once.',
  (express) => {
    test.each(KINDS)('%s', async (kind) => {
      const { items, calls, fail, stats } = await startOpen(express);
      const { stream } = await items[kind]!({ callback: () => undefined });
      const failed = once(stream, 'error');
      stream.resume?.();
      await eventually(() => calls.length === 1);
      fail(kind);
      expect(await failed).toMatchObject([{ code: 9, details: 'no' }]);
      await eventually(() => stats.length === 1);
      expect(stats).toMatchObject([{ restStatus: 400, grpcStatus: 9 }]);
    });
  },
);

promise(
  'C5',
  'A gRPC stream that its caller destroys or aborts is cancelled upstream.',
  (express) => {
    const all = KINDS.flatMap((kind) => [[kind, 'destroy'] as const, [kind, 'signal'] as const]);
    test.each(all)('%s by %s', async (kind, how) => {
      const { items, calls, cancelled, stats } = await startOpen(express);
      const abort = new AbortController();
      const input = { callback: () => undefined, abortSignal: abort.signal };
      const { stream } = await items[kind]!(input);
      stream.on('error', () => undefined);
      await eventually(() => calls.length === 1);
      if (how === 'destroy') stream.destroy();
      else abort.abort();
      await eventually(() => cancelled() === 1);
      await eventually(() => stats.length === 1);
      expect(stats).toMatchObject([{ restStatus: 499 }]);
    });
  },
);

const MB = 1024 * 1024;

promise('C5', 'A reader of a gRPC stream that pauses holds the upstream back.', (express) => {
  test('it goes on with the reader', async () => {
    let sent = 0;
    const message = frame(encodeMessage('shop.Item', { note: 'x'.repeat(65_536) }));
    const { address } = await startHttp2Upstream((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      const feed = () => {
        do sent += message.length;
        while (!stream.destroyed && stream.write(message));
      };
      stream.on('drain', feed);
      feed();
    });
    const { items } = await startShopAt(address, { express });
    const { stream } = await items['watch']!();
    stream.on('error', () => undefined);
    await untilStill(() => sent, 500 * MB);
    expect(sent).toBeLessThan(40 * MB);
    const held = sent;
    stream.resume();
    await eventually(() => sent > held + MB);
    stream.destroy();
  });
});

promise('C5', 'A gRPC upstream that does not read holds the writer back.', (express) => {
  test.each(['collect', 'chat'])('%s', async (kind) => {
    const calls: any[] = [];
    const hold = (call: any) => void calls.push(call.on('error', () => undefined).pause());
    const { items } = await startShop({ Collect: hold, Chat: hold }, { express });
    const { stream } = await items[kind]!({ callback: () => undefined });
    stream.on('error', () => undefined);
    let written = 0;
    const feed = () => {
      do written += 65_536;
      while (!stream.destroyed && stream.write({ note: 'x'.repeat(65_536) }));
    };
    stream.on('drain', feed);
    feed();
    await untilStill(() => written, 500 * MB);
    expect(written).toBeLessThan(40 * MB);
    const held = written;
    calls[0].resume();
    await eventually(() => written > held + MB);
    stream.destroy();
  });
});
