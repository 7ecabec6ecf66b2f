import { setTimeout as sleep } from 'node:timers/promises';

export type Sample = Readonly<Record<Measure, number>>;
export type Measure = 'rssMb' | 'heapMb' | 'listeners' | 'handles';

/** By how much the last third of a run may be above the first: a part of it, and a constant. */
const ROOM: Readonly<Record<Measure, readonly [part: number, constant: number]>> = {
  // The heap grows into what it may have, and its pages are not given back.
  rssMb: [0.5, 150],
  heapMb: [0.25, 15],
  listeners: [0.5, 100],
  // Connections: those of the clients stay, idle ones to upstreams end within a second or so.
  handles: [0.2, 15],
};
const MEASURES = Object.keys(ROOM) as Measure[];

/** What is held while no call runs. */
export async function takeSample(countListeners: () => number): Promise<Sample> {
  if (!globalThis.gc) throw new Error('run it with --expose-gc');
  // Finalizers run after a collection, and what they let go in the next.
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await sleep(10);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return {
    rssMb: rss / 2 ** 20,
    heapMb: heapUsed / 2 ** 20,
    listeners: countListeners(),
    handles: process.getActiveResourcesInfo().length,
  };
}

function medianOf(samples: readonly Sample[], measure: Measure): number {
  const values = samples.map((sample) => sample[measure]).sort((one, other) => one - other);
  return values[Math.floor(values.length / 2)] ?? NaN;
}

/** Prints the first third of the samples against the last; false when something grows without end. */
export function printTrend(samples: readonly Sample[]): boolean {
  const third = Math.ceil(samples.length / 3);
  const [first, last] = [samples.slice(0, third), samples.slice(-third)];
  const grown = MEASURES.filter((measure) => {
    const [before, after] = [medianOf(first, measure), medianOf(last, measure)];
    const [part, constant] = ROOM[measure];
    const isGrown = !(after <= before * (1 + part) + constant);
    const verdict = isGrown ? ': GROWS' : '';
    console.log(`${measure.padEnd(13)} ${before.toFixed(1)} -> ${after.toFixed(1)}${verdict}`);
    return isGrown;
  });
  return grown.length === 0;
}
