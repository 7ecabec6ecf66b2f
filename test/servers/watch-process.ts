import { runInThisContext } from 'node:vm';

/** The process itself: tests get a copy of `process` that hears no events. */
const realProcess = runInThisContext('process') as NodeJS.Process;
const watched = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const;

/**
 * Fails every test of the file during which the process warns or an error goes unhandled. What it
 * gives back looks before the test ends.
 */
export function watchProcess(): () => Promise<void> {
  const faults: unknown[] = [];
  const note = (fault: unknown) => void faults.push(fault);
  beforeAll(() => watched.forEach((event) => realProcess.on(event, note)));
  afterAll(() => watched.forEach((event) => realProcess.off(event, note)));

  async function expectNoFaults() {
    await new Promise(setImmediate);
    expect(faults.splice(0)).toEqual([]);
  }
  afterEach(expectNoFaults);
  return expectNoFaults;
}
