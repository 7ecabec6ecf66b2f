import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReliabilityPage, readPromises } from './reliability-page';

const root = join(__dirname, '..', '..');
writeFileSync(join(root, 'docs', 'reliability.md'), createReliabilityPage(readPromises(root)));
