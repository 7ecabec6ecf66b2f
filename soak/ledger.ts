import type { Stats } from '../lib';
import { eventually } from './eventually';
import type { Tally } from './tally';

/** Knows which calls run inside of the gateway, by its own reports: one for each call, at its end. */
export class Ledger {
  /** Calls of this round by id; whether they are reported. */
  private readonly running = new Map<string, string>();
  private readonly reported = new Set<string>();

  constructor(private readonly tally: Tally) {}

  /** @param action `service.action`: inner calls have the same id */
  begin(id: string, action: string): void {
    this.running.set(id, action);
  }

  report({ requestId, service, action }: Stats): void {
    const name = `${service}.${action}`;
    if (this.running.get(requestId) !== name) return;
    const key = `${requestId} ${name}`;
    if (this.reported.has(key)) this.tally.addFault('double', `${key} is reported twice`);
    this.reported.add(key);
  }

  /** Waits until every call is reported, and begins anew. */
  async settle(patienceMs: number): Promise<void> {
    await eventually(() => this.reported.size >= this.running.size, patienceMs);
    for (const [id, name] of this.running) {
      if (!this.reported.has(`${id} ${name}`)) {
        this.tally.addFault('lost', `${id} ${name} never ends in the gateway`);
      }
    }
    this.running.clear();
    this.reported.clear();
  }
}
