/** `npm run soak -- --minutes 5 [--seed 1]`: calls of all kinds and faults of all kinds, at random. */
import { getEventListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { findFreePort } from '../test/servers/find-free-port';
import { BackendProcess } from './backend-process';
import { Chaos } from './chaos';
import { startGateway } from './gateway';
import { Ledger } from './ledger';
import { Load, PATIENCE_MS } from './load';
import { Random } from './random';
import { createSchema } from './schemas';
import { Tally } from './tally';
import { printTrend, takeSample } from './trend';
import type { Sample } from './trend';

const ROUNDS = 12;

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 1);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('--minutes and --seed are numbers');

const tally = new Tally();
const note = (what: string) => (fault: unknown) => {
  tally.addFault('uncoded', `${what}: ${fault instanceof Error ? fault.stack : String(fault)}`);
};
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const) {
  process.on(event, note(event));
}

async function startBackend(isShaky: boolean) {
  const ports = {
    rest: await findFreePort(),
    grpc: await findFreePort(),
    wire: await findFreePort(),
  };
  const backend = new BackendProcess({ ports, seed, isShaky });
  if (!(await backend.start())) throw new Error('a backend does not start');
  return { ports, backend };
}

/** Rounds of calls; between them, when none runs, what is held is measured. */
async function runRounds(load: Load, ledger: Ledger): Promise<Sample[]> {
  const endMs = performance.now() + minutes * 60_000;
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await load.run(Math.max(0, (endMs - performance.now()) / (ROUNDS - round)));
    await ledger.settle(PATIENCE_MS);
    const countListeners = () => getEventListeners(load.signal, 'abort').length;
    samples.push(await takeSample(countListeners));
  }
  return samples;
}

async function main(): Promise<void> {
  console.log(`seed          ${seed}, Node ${process.version}`);
  const steady = await startBackend(false);
  const shaky = await startBackend(true);
  const ledger = new Ledger(tally);
  const schemas = {
    steady: createSchema('steady', steady.ports),
    shaky: createSchema('shaky', shaky.ports),
  };
  const gateway = await startGateway(schemas, {
    onBegin: (id, action) => ledger.begin(id, action),
    onStats: (stats) => ledger.report(stats),
  });
  const random = new Random(seed);
  const load = new Load({ gateway, scopes: Object.keys(schemas), random, tally, ledger });
  const chaos = new Chaos(shaky.backend, new Random(seed + 1));
  const samples = await runRounds(load, ledger);
  await chaos.stop();
  load.close();
  await gateway.close();
  for (const { backend } of [steady, shaky]) {
    await backend.kill();
    for (let post = 0; post < backend.repeated; post++)
      tally.addFault('double', 'a POST came twice');
  }
  console.log(`kills         ${chaos.kills}`);
  tally.print();
  const isFlat = printTrend(samples);
  if (!isFlat || !tally.isClean) process.exitCode = 1;
}

void main();
