import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = join(__dirname, 'exiting-program.ts');

test.each([
  ['S1: building opens no socket and starts no timer', 'build', 'true\n'],
  ['S3: connections kept alive do not hold the process', 'calls', 'done\n'],
  ['S2: after close the process ends by itself', 'close', 'done\n'],
  ['S2: calls still running after graceMs do not hold it', 'close-while-running', /^\w+\ndone\n$/],
])('%s', async (_name, what, printed) => {
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', program, what]);
  expect(stdout).toEqual(typeof printed === 'string' ? printed : expect.stringMatching(printed));
  expect(stderr).toBe('');
});
