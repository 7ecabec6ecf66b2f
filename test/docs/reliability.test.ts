import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GROUPS } from '../../test-integration/reliability/marks';
import {
  createReliabilityPage,
  readPromises,
} from '../../test-integration/reliability/reliability-page';

const root = join(__dirname, '..', '..');
const promises = readPromises(root);
const marks: string[] = Object.values(GROUPS).flat();

test.each(marks)('%s is promised by a suite', (mark) => {
  expect(promises.filter((one) => one.mark === mark)).not.toEqual([]);
});

test('every promise is under a mark of the page', () => {
  expect(promises.filter(({ mark }) => !marks.includes(mark))).toEqual([]);
});

test('docs/reliability.md is what npm run docs:reliability writes', () => {
  const page = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8');
  expect(page).toBe(createReliabilityPage(promises));
});
