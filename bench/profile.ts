/** `npm run bench:profile -- --only rest-small`: where the gateway spends its time under load. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Child } from './child';
import type { LoadResult } from './load';
import { start } from './measure';
import type { Backend } from './serve';
import { WORKS } from './works';
import type { Variant } from './works';

const FOLDER = join(__dirname, '.out', 'profile');
const { values } = parseArgs({
  options: { only: { type: 'string' }, variant: { type: 'string' } },
});

interface Profile {
  nodes: {
    id: number;
    children?: number[];
    callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  samples: number[];
  timeDeltas: number[];
}

/** The package, or the file of ours, that a frame is in. */
function placeOf(url: string): string {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage) return inPackage;
  return url.replace(/^file:\/\//, '').replace(/^.*\/build\//, 'build/') || '(native)';
}

function printTop(title: string, entries: Map<string, number>, total: number, count: number): void {
  console.log(`\n${title}`);
  const sorted = [...entries].sort(([, a], [, b]) => b - a).slice(0, count);
  for (const [name, time] of sorted) {
    console.log(`${((100 * time) / total).toFixed(1).padStart(6)} %  ${name}`);
  }
}

/** Loading is not what is looked for. */
const SKIPPED_US = 2_000_000;

function report(profile: Profile): void {
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const inclusive = new Map<string, number>();
  let clock = 0;
  const byId = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const places = new Map<string, number>();
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = byId.get(id);
    const time = profile.timeDeltas[index] ?? 0;
    clock += time;
    if (clock < SKIPPED_US || !frame || frame.functionName === '(idle)') continue;
    const seen = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { functionName, url, lineNumber } = byId.get(at) ?? frame;
      if (url.includes('/build/')) seen.add(`${functionName}  ${placeOf(url)}:${lineNumber + 1}`);
    }
    for (const one of seen) inclusive.set(one, (inclusive.get(one) ?? 0) + time);
    const place = placeOf(frame.url);
    const name = `${frame.functionName || '(anonymous)'}  ${place}:${frame.lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
    const group = frame.url === '' ? frame.functionName : place;
    places.set(group, (places.get(group) ?? 0) + time);
    total += time;
  }
  printTop('Functions, own time', functions, total, 45);
  printTop('Functions of the gateway, with all that they call', inclusive, total, 60);
  printTop('Places', places, total, 40);
}

async function main(): Promise<void> {
  const work = WORKS[values.only ?? 'rest-small'];
  if (!work) throw new Error(`no such work: ${values.only}`);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const backend = new Child('backend.ts', 'backend');
  const urls = await backend.ask<Backend>();
  const flags = ['--cpu-prof', '--cpu-prof-dir', FOLDER];
  const { server, url } = await start((values.variant ?? 'gateway') as Variant, work, urls, flags);
  const load = new Child('load.ts', 'load');
  await load.ask<LoadResult>({ url, connections: 32, seconds: 5 });
  await Promise.all([server.end('SIGINT'), load.end(), backend.end()]);
  const [file = ''] = readdirSync(FOLDER);
  report(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Profile);
}

void main();
