import { Reader } from 'protobufjs';
import type { OutputShape } from './decode';
import { compileJsonPlan, isPlain } from './json-plan';
import type { JsonPlan } from './json-plan';
import { JsonWriting } from './json-writing';
import type { MessagePlan } from './plan';

/**
 * Writes the JSON text of messages straight from their bytes: equal to `JSON.stringify` of what the
 * decoder makes of them, fields in the order of their numbers, without the objects in between. It
 * knows the form that serialisers write; all else it leaves to the decoder.
 */
export class JsonWriter {
  private readonly plans = new WeakMap<MessagePlan, JsonPlan>();
  private readonly plain = new WeakMap<MessagePlan, boolean>();

  constructor(
    private readonly shape: OutputShape,
    private readonly maxDepth: number,
  ) {}

  /** Undefined where only the decoder can tell. */
  write(plan: MessagePlan, bytes: Buffer): Buffer | undefined {
    if (!this.isPlain(plan)) return undefined;
    const writing = new JsonWriting(Reader.create(bytes), this.maxDepth, this.planOf);
    try {
      return writing.write(plan);
    } catch {
      return undefined;
    }
  }

  private isPlain(plan: MessagePlan): boolean {
    let known = this.plain.get(plan);
    if (known === undefined) this.plain.set(plan, (known = isPlain(plan)));
    return known;
  }

  private readonly planOf = (plan: MessagePlan): JsonPlan => {
    let known = this.plans.get(plan);
    if (!known) this.plans.set(plan, (known = compileJsonPlan(plan, this.shape)));
    return known;
  };
}
