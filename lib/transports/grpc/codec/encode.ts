import { Writer } from 'protobufjs';
import { InvalidMessage, within } from './invalid-message';
import { wireTypeOf } from './plan';
import type { EnumPlan, FieldPlan, MessagePlan, ValuePlan } from './plan';
import type { Scalar } from './scalars';
import { DELIMITED, END_GROUP } from './wire-types';

type Source = Readonly<Record<string, unknown>>;

/** How given values are understood: the proto-loader shape or ProtoJSON. */
export interface InputShape {
  /** The field that a key means; undefined for a key to be ignored. Throws for one that is refused. */
  fieldOf(plan: MessagePlan, key: string): FieldPlan | undefined;
  /** Whether null is a value of the field, and not its absence. */
  takesNull(field: FieldPlan): boolean;
  /** What is meant by a value given for a scalar, before it is checked. */
  scalar(value: unknown, scalar: Scalar): unknown;
  /** The plain form of a message that has a special one, such as a Timestamp given as text. */
  expand(value: unknown, plan: MessagePlan, depth: number): unknown;
}

/** Encodes plain objects. Throws InvalidMessage with the place of what does not fit. */
export class Encoder {
  constructor(
    private readonly shape: InputShape,
    private readonly maxDepth: number,
  ) {}

  encode(plan: MessagePlan, value: unknown, depth = 0): Buffer {
    const writer = Writer.create();
    this.writeMessage(writer, plan, value, depth);
    const bytes = writer.finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private writeMessage(writer: Writer, plan: MessagePlan, given: unknown, depth: number): void {
    if (depth > this.maxDepth)
      throw new InvalidMessage(`at most ${this.maxDepth} levels of nesting`);
    const value = this.shape.expand(given, plan, depth);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) throw new InvalidMessage(`an object (${plan.fullName})`);
    const source = value as Source;
    const fields = this.readFields(source, plan);
    let at = '';
    try {
      for (const [field, key] of fields) {
        at = key;
        this.writeField(writer, field, source[key], depth);
      }
    } catch (error) {
      // The keys of a special form's plain form are not the caller's.
      throw value === given ? within(at, error) : error;
    }
  }

  /** The fields that are given, each once, none of them a second member of a oneof. */
  private readFields(source: Source, plan: MessagePlan): Map<FieldPlan, string> {
    const given = new Map<FieldPlan, string>();
    const chosen = new Map<object, string>();
    for (const key of Object.keys(source)) {
      const value = source[key];
      const field = this.shape.fieldOf(plan, key);
      if (!field || value === undefined || (value === null && !this.shape.takesNull(field)))
        continue;
      if (given.has(field)) throw new InvalidMessage('the field only once').within(key);
      given.set(field, key);
      if (!field.oneof) continue;
      const other = chosen.get(field.oneof);
      if (other) throw new InvalidMessage(`nothing, because ${other} is set too`).within(key);
      chosen.set(field.oneof, key);
    }
    const missing = plan.required.find((field) => !given.has(field));
    if (missing) throw new InvalidMessage('a value').within(missing.protoName);
    return given;
  }

  private writeField(writer: Writer, field: FieldPlan, value: unknown, depth: number): void {
    if (field.shape === 'single')
      return this.writeTagged(writer, field.number, field.value, value, depth);
    if (field.shape === 'map') return this.writeMap(writer, field, value, depth);
    if (!Array.isArray(value)) throw new InvalidMessage('an array');
    this.writeList(writer, field, value as unknown[], depth);
  }

  private writeList(writer: Writer, field: FieldPlan, items: unknown[], depth: number): void {
    if (items.length === 0) return;
    if (field.isPacked) writer.uint32((field.number << 3) | DELIMITED).fork();
    let index = 0;
    try {
      for (const item of items) {
        if (field.isPacked) this.writeValue(writer, field.value, item);
        else this.writeTagged(writer, field.number, field.value, item, depth);
        index++;
      }
    } catch (error) {
      throw within(String(index), error);
    }
    if (field.isPacked) writer.ldelim();
  }

  private writeMap(writer: Writer, field: FieldPlan, value: unknown, depth: number): void {
    const { mapKey } = field;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || !mapKey) throw new InvalidMessage('an object');
    let at = '';
    try {
      for (const [key, item] of Object.entries(value)) {
        at = key;
        writer.uint32((field.number << 3) | DELIMITED).fork();
        const isBoolean = mapKey.type === 'bool' && (key === 'true' || key === 'false');
        const checked = mapKey.check(isBoolean ? key === 'true' : key) as never;
        mapKey.write(writer.uint32((1 << 3) | mapKey.wireType), checked);
        this.writeTagged(writer, 2, field.value, item, depth);
        writer.ldelim();
      }
    } catch (error) {
      throw within(at.slice(0, 100), error);
    }
  }

  private writeTagged(
    writer: Writer,
    number: number,
    value: ValuePlan,
    item: unknown,
    depth: number,
  ): void {
    writer.uint32((number << 3) | wireTypeOf(value));
    if (value.kind !== 'message') return this.writeValue(writer, value, item);
    if (value.isGroup) {
      this.writeMessage(writer, value.message(), item, depth + 1);
      writer.uint32((number << 3) | END_GROUP);
    } else {
      writer.fork();
      this.writeMessage(writer, value.message(), item, depth + 1);
      writer.ldelim();
    }
  }

  private writeValue(writer: Writer, value: ValuePlan, item: unknown): void {
    if (value.kind === 'enum') writer.int32(toEnumNumber(value.enum, item));
    else if (value.kind === 'scalar') {
      const { scalar } = value;
      scalar.write(writer, scalar.check(this.shape.scalar(item, scalar)) as never);
    }
  }
}

function toEnumNumber({ numbers, fullName }: EnumPlan, item: unknown): number {
  if (fullName === 'google.protobuf.NullValue' && item === null) return 0;
  const number = typeof item === 'string' ? numbers.get(item) : item;
  const isInt32 = typeof number === 'number' && (number | 0) === number;
  if (!isInt32) throw new InvalidMessage(`a name or number of ${fullName}`);
  return number;
}
