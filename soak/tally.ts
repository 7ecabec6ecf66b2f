import { toPieces } from './ask';
import type { Ask } from './ask';
import type { Way } from './kinds';
import type { Outcome } from './outcome';

const FAULTS = ['uncoded', 'lost', 'double', 'foreign'] as const;
export type FaultName = (typeof FAULTS)[number];
const MOST_EXAMPLES = 20;

/** Counts how calls end, and keeps some examples of what must not be. */
export class Tally {
  private calls = 0;
  private left = 0;
  private successes = 0;
  private readonly byCode = new Map<string, number>();
  private readonly faults = new Map<FaultName, number>();
  private readonly examples: string[] = [];

  add(way: Way, ask: Ask, outcome: Outcome): void {
    this.calls++;
    const name = `${way.over} ${way.service}.${way.action} ${ask.fault} ${ask.variant}`;
    if (outcome.type === 'left') this.left++;
    else if (outcome.type === 'answered') this.addAnswer(name, ask, outcome.lists);
    else if (outcome.type === 'failed') {
      this.byCode.set(outcome.code, (this.byCode.get(outcome.code) ?? 0) + 1);
    } else this.addFault(outcome.type, `${name}: ${outcome.what}`);
  }

  addFault(fault: FaultName, example: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(`${fault}: ${example}`);
  }

  get isClean(): boolean {
    return this.faults.size === 0;
  }

  private addAnswer(name: string, ask: Ask, lists: readonly (readonly { id: string }[])[]): void {
    const right = JSON.stringify(toPieces(ask));
    if (lists.every((list) => JSON.stringify(list) === right)) this.successes++;
    else if (lists.flat().some(({ id }) => id !== ask.id)) this.addFault('foreign', name);
    else if (lists.some(({ length }) => length > ask.count)) this.addFault('double', name);
    else this.addFault('uncoded', `${name}: an incomplete answer as a success`);
  }

  print(): void {
    console.log(`calls         ${this.calls}`);
    console.log(`successes     ${this.successes}`);
    console.log(`clients left  ${this.left}`);
    for (const fault of FAULTS) console.log(`${fault.padEnd(13)} ${this.faults.get(fault) ?? 0}`);
    const codes = [...this.byCode].sort(([, one], [, other]) => other - one);
    console.log('coded failures');
    for (const [code, count] of codes) console.log(`  ${String(count).padStart(7)}  ${code}`);
    for (const example of this.examples) console.log(example);
  }
}
