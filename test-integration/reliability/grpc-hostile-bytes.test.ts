import { bufbuild, messageDescriptor } from '../../test/transports/grpc/codec/oracles';
import { createRandom, randomJson } from '../../test/transports/grpc/codec/random-json';
import { checkLeaks } from './check-leaks';
import { HOSTILE } from './hostile-messages';
import { promise, promiseOnce } from './promise';
import { fullNameOf, startBytes, TYPES } from './start-bytes';
import type { TypeName } from './start-bytes';

checkLeaks();

/** Without grpc-js's own words around the reason. */
const failed = {
  status: 500,
  code: 'GATEWAY_REQUEST_ERROR',
  message: expect.stringMatching(/\w/),
};

promise(
  'R2',
  'Bytes of an answer that are no such message are a coded 500, and what a reader must tolerate is read; whether the JSON is written straight from the bytes, or the message is read for a hook or a caller of api, the outcome is the same.',
  (express) => {
    let outcomesOf: Awaited<ReturnType<typeof startBytes>>['outcomesOf'];
    beforeAll(async () => ({ outcomesOf } = await startBytes(express)));

    test.each(HOSTILE)('%s (%s)', async (_what, type, bytes, status) => {
      const [written, read, given] = await outcomesOf(type, bytes);
      expect(read).toEqual(status === 200 ? { status, data: expect.anything() } : failed);
      expect(given).toEqual(read);
      expect(written).toEqual(read);
      const [after] = await outcomesOf(type === 'Required' ? 'Scalars' : type, Buffer.alloc(0));
      expect(after.status).toBe(200);
      expect(Object.keys(Object.prototype)).toEqual([]);
    });
  },
);

const BATCH = 20;
const MESSAGES = 4;

/** A message as it is, cut, with other bytes in it, in two halves that changed places, and twice. */
function* changesOf(type: TypeName) {
  const random = createRandom(type.length * 7);
  const { encode } = bufbuild(fullNameOf(type));
  for (let i = 0; i < MESSAGES; i++) {
    const whole = encode(randomJson(messageDescriptor(fullNameOf(type)), random)).subarray(0, 5000);
    const at = () => random.below(whole.length + 1);
    yield whole;
    yield Buffer.concat([whole, whole]);
    for (let j = 0; j < 6; j++) {
      const place = at();
      yield whole.subarray(0, place);
      yield Buffer.concat([whole.subarray(place), whole.subarray(0, place)]);
      const changed = Buffer.from(whole);
      if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
      yield changed;
    }
  }
}

promiseOnce(
  'R2',
  'Messages that were cut, changed, turned around or doubled at random come to the same on every way, a coded 500 or data.',
  () => {
    // A server for each type: nghttp2 ends a connection of which a thousand streams were reset in a burst.
    test.each(TYPES)('%s', async (type) => {
      const { outcomesOf } = await startBytes();
      const all = [...changesOf(type)];
      const seen = new Set<number>();
      for (let i = 0; i < all.length; i += BATCH) {
        const batch = all.slice(i, i + BATCH).map(async (bytes) => {
          const [written, read, given] = await outcomesOf(type, bytes);
          if (read.status !== 200) expect(read).toEqual(failed);
          expect({ bytes, written, given }).toEqual({ bytes, written: read, given: read });
          seen.add(read.status);
        });
        await Promise.all(batch);
      }
      expect(seen).toEqual(new Set([200, 500]));
    });
  },
);
