import { Readable, Transform } from 'node:stream';
import { eventually } from '../../test/servers/eventually';
import { startShop } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const KINDS = ['watch', 'collect', 'chat'] as const;

/** Streams that never end by themselves, and how many of them were opened and cancelled. */
function createEndless() {
  const seen = { opened: 0, cancelled: 0 };
  const open = (call: any) => {
    seen.opened++;
    call.on('cancelled', () => seen.cancelled++);
    call.on('error', () => undefined);
    call.resume?.();
  };
  const Watch = (call: any) => {
    open(call);
    call.write({ itemId: 'a' });
    call.write({ itemId: 'b' });
  };
  return { seen, shop: { Watch, Collect: open, Chat: open } };
}

promise(
  'R5',
  'A stream action called over HTTP is refused with 501 before anything is sent upstream, also where a hook would answer.',
  (express) => {
    test.each(KINDS)('%s', async (kind) => {
      const { seen, shop } = createEndless();
      const onRequestSuccess = jest.fn();
      const { post, get } = await startShop(shop, { express, config: { onRequestSuccess } });
      for (const answer of [await post(`items/${kind}`), await get(`items/${kind}`)]) {
        expect(answer).toMatchObject({
          status: 501,
          json: { status: 501, code: 'STREAM_NOT_SUPPORTED', message: expect.stringMatching(/\w/) },
        });
      }
      expect(seen.opened).toBe(0);
      expect(onRequestSuccess).not.toHaveBeenCalled();
    });
  },
);

promise(
  'R5',
  'A mixed action that answers with a stream of messages over HTTP: 501, never an empty 200, and the upstream call is cancelled.',
  (express) => {
    test.each(KINDS)('%s', async (kind) => {
      const { seen, shop } = createEndless();
      const passOn = (api: any) => api.items[kind]({}, { callback: () => undefined });
      const { post, stats } = await startShop(shop, { express, actions: { passOn } });
      const answer = await post('items/passOn');
      expect(answer).toMatchObject({ status: 501, json: { code: 'STREAM_NOT_SUPPORTED' } });
      await eventually(() => stats.length === 2);
      await eventually(() => seen.cancelled === seen.opened);
      expect(stats.map(({ restStatus }) => restStatus)).toEqual([499, 499]);
    });
  },
);

const byLoop = async (api: any) => {
  const stream: AsyncIterable<any> = await api.items.watch({});
  return Readable.from(
    (async function* () {
      for await (const { itemId } of stream) yield `${itemId}\n`;
    })(),
  );
};
const byPipe = async (api: any) => {
  const stream: Readable = await api.items.watch({});
  const transform = ({ itemId }: any, _encoding: unknown, done: any) => done(null, `${itemId}\n`);
  return stream.pipe(new Transform({ writableObjectMode: true, transform }));
};
const ways: [by: string, (api: any) => Promise<Readable>][] = [
  ['a loop', byLoop],
  ['a pipe', byPipe],
];

promise(
  'R5',
  'Messages that a mixed action turns into bytes are really streamed: what is there is sent before the upstream ends, and when the client leaves the upstream call is cancelled.',
  (express) => {
    const all = ways.flatMap((way) => [[...way, true] as const, [...way, false] as const]);
    test.each(all)('by %s, abortOnClientDisconnect %s', async (_by, toLines, isFlagged) => {
      const { seen, shop } = createEndless();
      const config = { abortOnClientDisconnect: isFlagged };
      const { url, stats } = await startShop(shop, { express, actions: { toLines }, config });
      const leaving = new AbortController();
      const response = await fetch(`${url}/gateway/items/toLines`, { signal: leaving.signal });
      expect(response.status).toBe(200);
      let text = '';
      const reader = response.body!.getReader();
      while (text !== 'a\nb\n') text += Buffer.from((await reader.read()).value).toString();
      expect(seen).toEqual({ opened: 1, cancelled: 0 });
      leaving.abort();
      await eventually(() => seen.cancelled === 1);
      await eventually(() => stats.length === 2);
    });

    test.each(ways)('by %s, to the end of the upstream', async (_by, toLines) => {
      const Watch = (call: any) => {
        call.write({ itemId: 'a' });
        call.end();
      };
      const { post } = await startShop({ Watch }, { express, actions: { toLines } });
      expect(await post('items/toLines')).toMatchObject({ status: 200, text: 'a\n' });
    });
  },
);

type Hook = (req: unknown, res: any, stream: any) => unknown;
const answers: [string, Hook, object][] = [
  [
    'answers with a part of it',
    async (_req, res, stream) => {
      for await (const { itemId } of stream) return res.end(itemId);
    },
    { status: 200, text: 'a' },
  ],
  ['ends the answer without it', (_req, res) => res.status(202).end('later'), { status: 202 }],
  [
    'fails',
    () => Promise.reject(new Error('boom')),
    { status: 500, json: { code: 'GATEWAY_REQUEST_ERROR' } },
  ],
];

promise(
  'R5',
  'A hook that is given the stream: the upstream call is cancelled when the answer ends, whether the hook read it or not, and when the hook fails.',
  (express) => {
    test.each(answers)('a hook that %s', async (_what, onRequestSuccess, answer) => {
      const { seen, shop } = createEndless();
      const passOn = (api: any) => api.items.watch({});
      const config = { onRequestSuccess };
      const { post, stats } = await startShop(shop, { express, actions: { passOn }, config });
      expect(await post('items/passOn')).toMatchObject(answer);
      await eventually(() => stats.length === 2);
      await eventually(() => seen.cancelled === seen.opened);
    });
  },
);
