import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; false when it is not met in time. */
export async function eventually(isMet: () => boolean, patienceMs: number): Promise<boolean> {
  const endMs = performance.now() + patienceMs;
  while (!isMet()) {
    if (performance.now() > endMs) return false;
    await sleep(20);
  }
  return true;
}
