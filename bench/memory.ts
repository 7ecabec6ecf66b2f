/** `npm run bench:memory [-- --requests N]`: resident memory over 1,000,000 requests, as an SVG. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Child } from './child';
import type { LoadResult } from './load';
import { start } from './measure';
import type { Backend } from './serve';
import { WORKS } from './works';
import type { Work } from './works';

const STEPS = 50;
const FILE = join(__dirname, '.out', 'memory.svg');
const { values } = parseArgs({ options: { requests: { type: 'string', default: '1000000' } } });
const perStep = Math.ceil(Number(values.requests) / STEPS);

function toSvg(points: readonly number[]): string {
  const [width, height] = [800, 300];
  const top = Math.max(...points) * 1.1;
  const place = (value: number, index: number) =>
    `${((index * width) / (points.length - 1)).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 -20 ${width + 80} ${height + 60}" font-family="sans-serif" font-size="12">`,
    `<path d="M0 0V${height}H${width}" fill="none" stroke="black"/>`,
    `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="steelblue" stroke-width="2"/>`,
    `<text x="-50" y="4">${top.toFixed(0)} MB</text><text x="-30" y="${height}">0</text>`,
    `<text x="${width / 2 - 60}" y="${height + 30}">${values.requests} requests</text>`,
    '</svg>',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const backend = new Child('backend.ts', 'backend');
  const urls = await backend.ask<Backend>();
  const { server, url } = await start('gateway', WORKS['rest-small'] as Work, urls);
  const load = new Child('load.ts', 'load');
  const points: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const result = await load.ask<LoadResult>({ url, connections: 32, amount: perStep });
    if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
    points.push((await server.ask<number>('memory')) / 2 ** 20);
    process.stdout.write(`${(step + 1) * perStep} requests: ${points.at(-1)?.toFixed(1)} MB\n`);
  }
  await Promise.all([load.end(), server.end(), backend.end()]);
  const warm = points.slice(STEPS / 10);
  // The highest of the last tenth against the highest of the tenth after the warm-up.
  const before = Math.max(...warm.slice(0, STEPS / 10));
  const after = Math.max(...warm.slice(-STEPS / 10));
  console.log(
    `\nAfter the first tenth ${before.toFixed(1)} MB, at the end ${after.toFixed(1)} MB: ${(100 * (after / before - 1)).toFixed(1)} %`,
  );
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, toSvg(points));
  console.log(`bench/.out/memory.svg`);
}

void main();
