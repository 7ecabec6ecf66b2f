/** `npm run bench`, `npm run bench -- --quick`, `npm run bench -- --only rest-small`. */
import { parseArgs } from 'node:util';
import { Child, PINNING } from './child';
import { measure } from './measure';
import type { Figures, Plan } from './measure';
import type { Backend } from './serve';
import { WORKS } from './works';
import type { Work } from './works';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string', multiple: true } },
});
const plan: Plan = values.quick
  ? { rounds: 3, seconds: 0.7, warmUpSeconds: 1 }
  : { rounds: 6, seconds: 1.2, warmUpSeconds: 2 };

function toRows(work: Work, figures: readonly Figures[]): string[] {
  const base = figures.find(({ variant }) => variant === work.base)?.lowest ?? NaN;
  return figures.map(({ variant, lowest, median, perSecond }) => {
    const target = variant === 'gateway' ? work.target.toFixed(2) : '';
    const cells = [
      work.title,
      variant,
      lowest.toFixed(0),
      median.toFixed(0),
      (lowest / base).toFixed(2),
      target,
      perSecond.toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

async function main(): Promise<void> {
  const names = values.only ?? Object.keys(WORKS);
  const works = names.map((name) => {
    const work = WORKS[name];
    if (!work) throw new Error(`no such work: ${name}`);
    return work;
  });
  const backend = new Child('backend.ts', 'backend');
  const urls = await backend.ask<Backend>();
  console.log(`Node ${process.version}, ${PINNING}\n`);
  console.log(
    '| work | variant | CPU us/request, lowest | median | ratio | at most | requests/s |',
  );
  console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
  try {
    for (const work of works) console.log(toRows(work, await measure(work, urls, plan)).join('\n'));
  } finally {
    await backend.end();
  }
}

void main();
