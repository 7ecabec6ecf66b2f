import { Agent } from 'node:http';
import { closeAfterTest } from '../test/servers/closing';
import { eventually } from '../test/servers/eventually';
import { findFreePort } from '../test/servers/find-free-port';
import { checkLeaks } from './reliability/check-leaks';
import { send, startLoad } from './shutdown/load-generator';
import { BIG_BYTES, startBackend, startServing } from './shutdown/start-serving';

checkLeaks();

const RESTARTS = 3;
const HELD = 4;
let port: number;
beforeAll(async () => void (port = await findFreePort()));
const action = (name: string) => `http://127.0.0.1:${port}/gateway/shop/items/${name}`;

test('a server that is restarted with SIGTERM under load loses no request that it has accepted', async () => {
  const backend = await startBackend();
  const accepted = new Set<string>();
  let serving = await startServing(port, backend.url, accepted);
  const load = startLoad(action('save'), 12);

  for (let restart = 0; restart < RESTARTS; restart++) {
    const before = load.answered();
    await eventually(() => load.answered() > before + 100);
    const held = Array.from({ length: HELD }, (_, index) =>
      send({ agent: load.agent, url: action('held'), attempt: `held-${restart}-${index}` }),
    );
    await eventually(() => backend.held() === HELD);
    await serving.terminate();
    backend.release();
    for (const { status, text, headers } of await Promise.all(held)) {
      expect({ status, text }).toEqual({ status: 200, text: '{"held":true}' });
      expect(headers.connection).toBe('close');
    }
    expect(await serving.ended).toEqual([0, null]);
    serving = await startServing(port, backend.url, accepted);
  }
  const before = load.answered();
  await eventually(() => load.answered() > before + 100);
  await load.stop();
  load.agent.destroy();
  await serving.terminate();
  await serving.ended;

  expect(load.wrong).toEqual([]);
  expect(load.unanswered.length).toBeGreaterThan(0);
  expect(load.unanswered.filter((attempt) => accepted.has(attempt))).toEqual([]);
}, 120_000);

test.each([
  ['an answer that a slow client still reads is sent to its end', 'big', 'a'.repeat(BIG_BYTES)],
  ['a streamed answer that has begun is sent to its end', 'streamed', '{"held":true}'],
])(
  'after SIGTERM %s',
  async (_name, name, text) => {
    const backend = await startBackend();
    const accepted = new Set<string>();
    const serving = await startServing(port, backend.url, accepted);
    const agent = new Agent({ keepAlive: true });
    closeAfterTest(() => Promise.resolve(agent.destroy()));
    let resume: (() => void) | undefined;
    let hasBegun = false;
    const pause = new Promise<void>((resolve) => (resume = resolve));
    const answer = send({
      agent,
      url: action(name),
      attempt: name,
      onBegin: () => (hasBegun = true),
      pause,
    });
    await eventually(() => hasBegun);
    await serving.terminate();
    resume?.();
    backend.release();
    expect((await answer).text === text).toBe(true);
    agent.destroy();
    expect(await serving.ended).toEqual([0, null]);
  },
  60_000,
);

test('after SIGTERM a kept connection gets one more answer, which closes it', async () => {
  const backend = await startBackend();
  const serving = await startServing(port, backend.url, new Set());
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
  closeAfterTest(() => Promise.resolve(agents.forEach((agent) => agent.destroy())));
  const [kept, other] = agents;
  const save = () => send({ agent: kept, url: action('save'), attempt: 'save', body: { a: 1 } });
  expect((await save()).headers.connection).toBe('keep-alive');
  const held = send({ agent: other, url: action('held'), attempt: 'held' });
  await eventually(() => backend.held() === 1);
  await serving.terminate();
  const { status, headers } = await save();
  expect([status, headers.connection]).toEqual([200, 'close']);
  backend.release();
  expect((await held).headers.connection).toBe('close');
  expect(await serving.ended).toEqual([0, null]);
}, 60_000);
