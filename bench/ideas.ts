/** `npm run bench:ideas`: what each idea saves, as the ratio of the gateway without it to the gateway. */
import { Child, PINNING } from './child';
import { measure } from './measure';
import type { Backend } from './serve';
import { IDEAS } from './works';

const PLAN = { rounds: 6, seconds: 1, warmUpSeconds: 2 };

async function main(): Promise<void> {
  const backend = new Child('backend.ts', 'backend');
  const urls = await backend.ask<Backend>();
  console.log(`Node ${process.version}, ${PINNING}\n`);
  console.log('| work | variant | CPU us/request, lowest | ratio |');
  console.log('| --- | --- | ---: | ---: |');
  try {
    for (const work of IDEAS) {
      const figures = await measure(work, urls, PLAN);
      const base = figures[0]?.lowest ?? NaN;
      for (const { variant, lowest } of figures) {
        const ratio = (lowest / base).toFixed(2);
        console.log(`| ${work.title} | ${variant} | ${lowest.toFixed(0)} | ${ratio} |`);
      }
    }
  } finally {
    await backend.end();
  }
}

void main();
