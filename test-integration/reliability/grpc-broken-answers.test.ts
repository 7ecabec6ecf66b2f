import { eventually } from '../../test/servers/eventually';
import { frame, sendGrpc, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { FAULTS, ITEM } from './grpc-faults';
import { promise, promiseOnce } from './promise';

checkLeaks();

/** Asks until the answer is 200: a connection that was lost is made again. */
async function askUntilOk(post: (path: string) => Promise<{ status: number; json: any }>) {
  for (;;) {
    const answer = await post('items/get');
    if (answer.status === 200) return answer.json;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

promise(
  'R2',
  'Whatever a gRPC server sends in place of an answer (corrupt or unknown compression, over-long, missing or second messages, no status, cut frames, undecodable bytes, HTML, RST_STREAM, GOAWAY, a dropped connection, an unknown code), the answer is a coded error without inner addresses, and the next call works.',
  (express) => {
    test.each(FAULTS)('$name', async ({ fault, status }) => {
      let isFaulty = true;
      const upstream = await startHttp2Upstream((stream, drop) => {
        if (isFaulty) fault(stream, drop);
        else sendGrpc(stream, { chunks: [frame(ITEM)] });
      });
      const { post } = await startShopAt(upstream.address, { express });
      const answer = await post('items/get');
      expect(answer).toMatchObject({
        status,
        json: {
          status,
          code: 'GATEWAY_REQUEST_ERROR',
          message: expect.stringMatching(/\w/),
          details: { grpcCode: expect.any(Number) },
        },
      });
      expect(answer.text).not.toMatch(/undefined|10\.1\.2\.3|127\.0\.0\.1|\/lib\/|node_modules/);
      isFaulty = false;
      expect(await askUntilOk(post)).toMatchObject({ itemId: 'a' });
    });
  },
);

const ofStreams = FAULTS.filter(({ isUnaryOnly }) => !isUnaryOnly);
const streams = (['watch', 'chat', 'collect'] as const).flatMap((kind) => {
  const faults = kind === 'collect' ? FAULTS : ofStreams;
  return faults.map(({ name, fault }) => ({ kind, name, fault }));
});

promiseOnce(
  'R2',
  'Under the same faults a stream of any kind fails once, with a numeric gRPC code, and is reported once.',
  () => {
    test.each(streams)('$kind: $name', async ({ kind, fault }) => {
      const upstream = await startHttp2Upstream(fault);
      const { items, stats, ctx, contexts } = await startShopAt(upstream.address);
      const callback = jest.fn();
      const { stream } = await items[kind]!({ ctx, callback });
      const errors: unknown[] = [];
      stream.on('error', ({ code }: any) => errors.push(code));
      if (kind !== 'watch') stream.end();
      if (kind !== 'collect') stream.resume();
      await eventually(() => stats.length > 0 && errors.length > 0);
      await new Promise(setImmediate);
      expect(errors.map(Number.isInteger)).toEqual([true]);
      expect(stats).toMatchObject([{ grpcStatus: errors[0] }]);
      expect(stats[0].restStatus).toBeGreaterThanOrEqual(400);
      expect(contexts().map(({ ends }) => ends)).toEqual([1]);
      expect(callback).not.toHaveBeenCalled();
    });
  },
);
