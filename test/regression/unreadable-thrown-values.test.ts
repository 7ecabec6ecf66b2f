import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';

const unreadable = (name: string) =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error('boom');
    },
  });

async function startThrowing(thrown: unknown) {
  const { ctx, all, children } = createRecordingContext();
  const stats: object[] = [];
  const run = () => {
    throw thrown;
  };
  const gateway = await startGateway(
    { root: { s: { actions: { run } } } },
    {
      onBeforeAction: (req) => void (req.ctx = ctx),
      getAuthArgs: (req) => {
        if (req.body.inHook) throw thrown;
      },
      sendStats: (one) => void stats.push(one),
    },
  );
  return { ...gateway, stats, all, children };
}

const values: [string, unknown][] = [
  ['a status', unreadable('status')],
  ['an error', unreadable('error')],
  ['a status in its error', { error: unreadable('status') }],
  ['a code in its error', { error: unreadable('code') }],
  ['a message', Object.assign(unreadable('message'), { code: 'OWN' })],
];

test.each(values)('K1: what a hook throws with %s that cannot be read', async (_name, thrown) => {
  const { post } = await startThrowing(thrown);
  const answer = await post('s/run', { inHook: true });
  expect(answer).toMatchObject({ status: 500, json: { status: 500 } });
  expect(answer.json.code).toMatch(/./);
  expect(answer.text).not.toContain('boom');
});

test.each(values)(
  'G4: a function that throws %s that cannot be read ends its context, and is reported, once',
  async (_name, thrown) => {
    const { post, stats, children } = await startThrowing(thrown);
    const answer = await post('s/run');
    expect(answer).toMatchObject({ status: 500, json: { status: 500 } });
    expect(answer.text).not.toContain('boom');
    expect(stats).toMatchObject([{ restStatus: 500 }]);
    expect(children()).toMatchObject([{ ends: 1, errors: [{ message: 'Request failed' }] }]);
  },
);

test.each([
  ['an object without a prototype', Object.create(null)],
  ['an object that has no text', unreadable('toString')],
])('K3: a sendStats that throws %s is logged', async (_name, thrown) => {
  const { ctx, all } = createRecordingContext();
  const sendStats = () => {
    throw thrown;
  };
  const gateway = await startGateway({ root: { s: { actions: { run: () => 1 } } } }, { sendStats });
  await gateway.api.s.run({ ctx });
  expect(all[0]).toMatchObject({ errors: [{ message: 'sendStats failed' }] });
});
