/** `npm run bench:scale`: the cost of a call among 10 and 10,000 actions, and many connections. */
import { Child } from './child';
import type { LoadResult } from './load';
import { start } from './measure';
import type { Backend } from './serve';
import { WORKS } from './works';
import type { Work } from './works';

const work = WORKS['rest-small'] as Work;
const ROUNDS = 5;

interface Place {
  readonly title: string;
  readonly server: Child;
  readonly url: string;
  lowest: number;
}

async function main(): Promise<void> {
  const backend = new Child('backend.ts', 'backend');
  const urls = await backend.ask<Backend>();
  const load = new Child('load.ts', 'load');

  async function measure(place: Place, connections = 32, seconds = 1): Promise<LoadResult> {
    const before = await place.server.ask<number>('cpu');
    const result = await load.ask<LoadResult>({ url: place.url, connections, seconds });
    const after = await place.server.ask<number>('cpu');
    place.lowest = Math.min(place.lowest, (after - before) / result.requests);
    return result;
  }

  console.log('| actions | scopes | gateways | CPU us/request, lowest | failed |');
  console.log('| ---: | ---: | ---: | ---: | ---: |');
  const places: (Place & { failed: number })[] = [];
  for (const [actions, scopes, gateways] of [
    [10, 1, 1],
    [10_000, 1, 1],
    [10_000, 100, 1],
    [1_000, 10, 10],
  ] as const) {
    const crowd = { actions, scopes, gateways };
    const { server, url } = await start('gateway', { ...work, crowd }, urls);
    places.push({
      title: `${actions} | ${scopes} | ${gateways}`,
      server,
      url,
      lowest: Infinity,
      failed: 0,
    });
  }
  for (const place of places) await measure(place);
  for (const place of places) place.lowest = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    for (const place of places) place.failed += (await measure(place)).failed;
  }
  for (const { title, lowest, failed } of places)
    console.log(`| ${title} | ${lowest.toFixed(0)} | ${failed} |`);

  console.log('\n| connections | requests/s | failed |');
  console.log('| ---: | ---: | ---: |');
  for (const connections of [32, 256, 2048]) {
    const { failed, perSecond } = await measure(places[0] as Place, connections, 5);
    console.log(`| ${connections} | ${perSecond.toFixed(0)} | ${failed} |`);
  }
  await Promise.all([load.end(), backend.end(), ...places.map(({ server }) => server.end())]);
}

void main();
