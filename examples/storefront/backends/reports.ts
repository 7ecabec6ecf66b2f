import { setTimeout as sleep } from 'node:timers/promises';
import { startBackend } from './start-backend';

const SECOND_MS = 1000;

/** `GET /reports/sales` takes a second. */
export function startReports() {
  return startBackend(async () => {
    await sleep(SECOND_MS);
    return { body: { orders: 3, revenue: 125 } };
  });
}
