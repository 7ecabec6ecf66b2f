import { Reader } from 'protobufjs';
import type { FieldPlan, MessagePlan, ValuePlan } from './plan';

const DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;

type Target = Record<string, unknown>;

/** How decoded values look: the proto-loader shape or ProtoJSON. */
export interface OutputShape {
  nameOf(field: FieldPlan): string;
  /** A new message, with what unset fields look like. */
  create(plan: MessagePlan): Target;
  scalar(value: unknown, type: string): unknown;
  enumValue(number: number, field: ValuePlan & { kind: 'enum' }): unknown;
  mapKey(key: unknown): string;
  /** Called when a field of a oneof has been read. */
  choose(target: Target, field: FieldPlan): void;
  /** The last word on a finished message, such as ProtoJSON's text of a Timestamp. */
  finish(message: Target, plan: MessagePlan, depth: number): unknown;
}

/** Own property whatever the name: `__proto__` is a legal map key. */
export function setOwn(target: Target, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else {
    const descriptor = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(target, name, descriptor);
  }
}

/** Decodes straight to the shape that is answered, in one pass. Throws for bytes that are no such message. */
export class Decoder {
  constructor(
    private readonly shape: OutputShape,
    private readonly maxDepth: number,
  ) {}

  decode(plan: MessagePlan, bytes: Uint8Array, depth = 0): unknown {
    const reader = Reader.create(bytes);
    return this.readMessage(reader, reader.len, plan, depth);
  }

  private readMessage(
    reader: Reader,
    end: number,
    plan: MessagePlan,
    depth: number,
    group?: number,
  ) {
    if (depth > this.maxDepth) throw new Error(`messages are nested deeper than ${this.maxDepth}`);
    const target = this.shape.create(plan);
    let isClosed = group === undefined;
    while (reader.pos < end) {
      const tag = reader.uint32();
      const number = tag >>> 3;
      if ((tag & 7) === END_GROUP) {
        if (number !== group) throw new Error('unexpected end of group');
        isClosed = true;
        break;
      }
      this.readField(reader, tag, plan.byNumber.get(number), target, depth);
    }
    if (!isClosed || (group === undefined && reader.pos !== end))
      throw new Error('the message is cut');
    return this.shape.finish(target, plan, depth);
  }

  private readField(
    reader: Reader,
    tag: number,
    field: FieldPlan | undefined,
    target: Target,
    depth: number,
  ): void {
    const wireType = tag & 7;
    const isExpected = field !== undefined && wireType === wireTypeOf(field);
    const isPacked = field?.shape === 'repeated' && wireType === DELIMITED && isPackable(field);
    if (!field || (!isExpected && !isPacked)) return void reader.skipType(wireType);
    const name = this.shape.nameOf(field);
    if (field.shape === 'map') return this.readEntry(reader, field, ownObject(target, name), depth);
    if (field.shape === 'single') {
      setOwn(target, name, this.readValue(reader, field, depth));
      if (field.oneof) this.shape.choose(target, field);
      return;
    }
    const list = ownList(target, name);
    if (!isPacked) return void list.push(this.readValue(reader, field, depth));
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) list.push(this.readValue(reader, field, depth));
    if (reader.pos !== end) throw new Error('a packed field is cut');
  }

  private readEntry(reader: Reader, field: FieldPlan, map: Target, depth: number): void {
    const end = reader.uint32() + reader.pos;
    let key: unknown = field.mapKey?.zero;
    let value: unknown;
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag >>> 3 === 1) key = field.mapKey?.read(reader);
      else if (tag >>> 3 === 2) value = this.readValue(reader, field, depth);
      else reader.skipType(tag & 7);
    }
    setOwn(
      map,
      this.shape.mapKey(key),
      value === undefined ? this.emptyValue(field, depth) : value,
    );
  }

  private emptyValue({ value }: FieldPlan, depth: number): unknown {
    if (value.kind === 'scalar') return this.shape.scalar(value.scalar.zero, value.type);
    if (value.kind === 'enum') return this.shape.enumValue(value.enum.zero, value);
    const plan = value.message();
    return this.shape.finish(this.shape.create(plan), plan, depth + 1);
  }

  private readValue(reader: Reader, field: FieldPlan, depth: number): unknown {
    const { value } = field;
    if (value.kind === 'scalar') return this.shape.scalar(value.scalar.read(reader), value.type);
    if (value.kind === 'enum') return this.shape.enumValue(reader.int32(), value);
    if (value.isGroup) {
      return this.readMessage(reader, reader.len, value.message(), depth + 1, field.number);
    }
    const end = reader.uint32() + reader.pos;
    if (end > reader.len) throw new Error('the message is cut');
    return this.readMessage(reader, end, value.message(), depth + 1);
  }
}

function wireTypeOf({ value, shape }: FieldPlan): number {
  if (shape === 'map') return DELIMITED;
  if (value.kind === 'scalar') return value.scalar.wireType;
  if (value.kind === 'enum') return 0;
  return value.isGroup ? START_GROUP : DELIMITED;
}

function isPackable({ value }: FieldPlan): boolean {
  return value.kind === 'enum' || (value.kind === 'scalar' && value.scalar.wireType !== DELIMITED);
}

function ownList(target: Target, name: string): unknown[] {
  if (!Array.isArray(target[name])) setOwn(target, name, []);
  return target[name] as unknown[];
}

function ownObject(target: Target, name: string): Target {
  if (!Object.hasOwn(target, name)) setOwn(target, name, {});
  return target[name] as Target;
}
