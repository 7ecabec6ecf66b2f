import { Agent } from 'node:http';
import { callApi } from './api-call';
import { FAULTS, SLOW_MS } from './ask';
import type { Ask } from './ask';
import type { RunningGateway } from './gateway';
import { callOverHttp } from './http-call';
import { pickWay } from './kinds';
import type { Way } from './kinds';
import type { Ledger } from './ledger';
import type { Outcome } from './outcome';
import type { Random } from './random';
import type { Tally } from './tally';

/** Longer than any call may take. */
export const PATIENCE_MS = 60_000;
const CLIENTS = 64;

export interface Surroundings {
  readonly gateway: RunningGateway;
  readonly scopes: readonly string[];
  readonly random: Random;
  readonly tally: Tally;
  readonly ledger: Ledger;
}

/** Calls of all kinds at random, by many clients at once. */
export class Load {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly lasting = new AbortController();
  private calls = 0;

  constructor(private readonly around: Surroundings) {}

  /** The signal of all calls of `api` that are not aborted one by one. */
  get signal(): AbortSignal {
    return this.lasting.signal;
  }

  /** Resolves when the time is over and every call has ended. */
  async run(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    const client = async () => {
      while (performance.now() < endMs) await this.callOne();
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  close(): void {
    this.agent.destroy();
  }

  private async callOne(): Promise<void> {
    const { random, tally } = this.around;
    const way = pickWay(random);
    const ask = this.createAsk();
    const sent = way.over === 'http' ? this.sendOverHttp(way, ask) : this.sendToApi(way, ask);
    let patience: NodeJS.Timeout | undefined;
    const lost = new Promise<undefined>((resolve) => {
      patience = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    const outcome = await Promise.race([sent, lost]);
    clearTimeout(patience);
    if (outcome) tally.add(way, ask, outcome);
    else tally.addFault('lost', `${way.over} ${way.service}.${way.action} ${ask.fault}`);
  }

  private createAsk(): Ask {
    const { random } = this.around;
    return {
      id: `c${++this.calls}.`,
      fault: random.chance(0.5) ? 'none' : random.pick(FAULTS),
      variant: random.below(100),
      count: 1 + random.below(4),
      size: random.chance(0.05) ? random.below(20_000) : random.below(100),
    };
  }

  private sendOverHttp(way: Way, ask: Ask): Promise<Outcome> {
    const { gateway, scopes, random } = this.around;
    const { agent } = this;
    const url = `${gateway.url}/${random.pick(scopes)}/${way.service}/${way.action}`;
    const leaves = random.chance(0.1) && { leaveMs: random.below(SLOW_MS) };
    return callOverHttp({ url, agent, kind: way, ask, ...leaves });
  }

  private async sendToApi(way: Way, ask: Ask): Promise<Outcome> {
    const { gateway, scopes, random, ledger } = this.around;
    const action = gateway.actionOf(random.pick(scopes), way.service, way.action);
    ledger.begin(ask.id, `${way.service}.${way.action}`);
    if (!random.chance(0.1)) return callApi({ action, kind: way, ask, signal: this.signal });
    const aborting = new AbortController();
    const timer = setTimeout(() => aborting.abort(), random.below(SLOW_MS));
    const outcome = await callApi({ action, kind: way, ask, signal: aborting.signal });
    clearTimeout(timer);
    return outcome;
  }
}
