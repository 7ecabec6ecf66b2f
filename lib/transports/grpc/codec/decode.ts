import { Reader } from 'protobufjs';
import { markDebugInfo } from '../../../errors/debug-info';
import { wireTypeOf } from './plan';
import type { FieldPlan, MessagePlan, ValuePlan } from './plan';
import type { Scalar } from './scalars';
import { DELIMITED, END_GROUP, START_GROUP } from './wire-types';

type Target = Record<string, unknown>;

/** How decoded values look: the proto-loader shape or ProtoJSON. */
export interface OutputShape {
  nameOf(field: FieldPlan): string;
  /** A new message, with what unset fields look like. */
  create(plan: MessagePlan): Target;
  scalar(value: unknown, scalar: Scalar): unknown;
  enumValue(number: number, field: ValuePlan & { kind: 'enum' }): unknown;
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
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const reader = Reader.create(buffer);
    return this.readMessage(reader, reader.len, plan, depth);
  }

  private readMessage(
    reader: Reader,
    end: number,
    plan: MessagePlan,
    depth: number,
    group?: number,
  ): unknown {
    if (depth > this.maxDepth) throw new Error(`messages are nested deeper than ${this.maxDepth}`);
    const target = this.shape.create(plan);
    const missing = plan.required.length > 0 ? new Set(plan.required) : undefined;
    const start = reader.pos;
    let parts: Parts | undefined;
    let isClosed = group === undefined;
    while (reader.pos < end) {
      const tag = readTag(reader);
      if ((tag & 7) === END_GROUP) {
        if (tag >>> 3 !== group) throw new Error('unexpected end of group');
        isClosed = true;
        break;
      }
      const field = plan.byNumber.get(tag >>> 3);
      if (field?.value.kind === 'message' && this.isNextPart(field, tag, target)) {
        parts = addPart(reader, { field, start, parts });
      } else if (field && (tag & 7) === field.wireType) {
        parts?.delete(field);
        this.readField(reader, field, target, depth);
      } else if (field?.isPackable && (tag & 7) === DELIMITED)
        this.readPacked(reader, field, target);
      else {
        skipField(reader, tag);
        continue;
      }
      missing?.delete(field);
    }
    if (!isClosed) throw new Error('a group is not closed');
    if (group === undefined) assertEnd(reader, end);
    if (parts) this.joinParts(parts, target, depth);
    for (const field of missing ?? []) throw new Error(`${field.protoName} is not set`);
    return markDebugInfo(this.shape.finish(target, plan, depth), plan.fullName);
  }

  private readField(reader: Reader, field: FieldPlan, target: Target, depth: number): void {
    const name = this.shape.nameOf(field);
    if (field.shape === 'map') return this.readEntry(reader, field, ownObject(target, name), depth);
    const value = this.readValue(reader, field, depth);
    if (field.shape === 'repeated') return void ownList(target, name).push(value);
    setOwn(target, name, value);
    if (field.oneof) this.shape.choose(target, field);
  }

  /** Whether a message comes in parts, and this is not the first. */
  private isNextPart(field: FieldPlan, tag: number, target: Target): boolean {
    const { shape, value, wireType } = field;
    if (value.kind !== 'message' || value.isGroup || shape !== 'single') return false;
    const name = this.shape.nameOf(field);
    return (tag & 7) === wireType && Object.hasOwn(target, name) && target[name] !== null;
  }

  /** Parts of one message are merged, which is what their bytes mean when joined. */
  private joinParts(parts: Parts, target: Target, depth: number): void {
    for (const [field, list] of parts) {
      const { value } = field;
      const name = this.shape.nameOf(field);
      if (value.kind !== 'message' || !Object.hasOwn(target, name)) continue;
      setOwn(target, name, this.decode(value.message(), Buffer.concat(list), depth + 1));
    }
  }

  private readPacked(reader: Reader, field: FieldPlan, target: Target): void {
    const list = ownList(target, this.shape.nameOf(field));
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) list.push(this.readValue(reader, field, 0));
    assertEnd(reader, end);
  }

  private readEntry(reader: Reader, field: FieldPlan, map: Target, depth: number): void {
    const { mapKey, value: plan } = field;
    const keyTag = (1 << 3) | (mapKey?.wireType ?? 0);
    const valueTag = (2 << 3) | wireTypeOf(plan);
    const end = reader.uint32() + reader.pos;
    let key = mapKey?.zero;
    let value: unknown;
    while (reader.pos < end) {
      const tag = readTag(reader);
      if (tag === keyTag) key = mapKey?.read(reader);
      else if (tag === valueTag) value = this.readValue(reader, field, depth);
      else skipField(reader, tag);
    }
    assertEnd(reader, end);
    setOwn(map, String(key), value === undefined ? this.emptyValue(plan, depth) : value);
  }

  private emptyValue(value: ValuePlan, depth: number): unknown {
    if (value.kind === 'scalar') return this.shape.scalar(value.scalar.zero, value.scalar);
    if (value.kind === 'enum') return this.shape.enumValue(value.enum.zero, value);
    const plan = value.message();
    return this.shape.finish(this.shape.create(plan), plan, depth + 1);
  }

  private readValue(reader: Reader, { value, number }: FieldPlan, depth: number): unknown {
    if (value.kind === 'scalar') return this.shape.scalar(value.scalar.read(reader), value.scalar);
    if (value.kind === 'enum') return this.shape.enumValue(reader.int32(), value);
    if (value.isGroup) {
      return this.readMessage(reader, reader.len, value.message(), depth + 1, number);
    }
    const end = reader.uint32() + reader.pos;
    if (end > reader.len) throw new Error(CUT);
    return this.readMessage(reader, end, value.message(), depth + 1);
  }
}

type Parts = Map<FieldPlan, Uint8Array[]>;

/** Keeps the part that comes next for the end of the message; with the second, also the first. */
function addPart(
  reader: Reader,
  {
    field,
    start,
    parts = new Map(),
  }: { field: FieldPlan; start: number; parts: Parts | undefined },
): Parts {
  const end = reader.pos;
  let list = parts.get(field);
  if (!list) {
    list = [];
    parts.set(field, list);
    reader.pos = start;
    // The tag of the part at hand was read last.
    while (reader.pos < end) {
      const tag = readTag(reader);
      if (reader.pos === end) break;
      if (tag >>> 3 === field.number && (tag & 7) === DELIMITED) list.splice(0, 1, reader.bytes());
      else skipField(reader, tag);
    }
  }
  list.push(reader.bytes());
  return parts;
}

const CUT = 'the message is cut';

/** protobufjs reads on where a part is shorter than what is in it. */
export function assertEnd(reader: Reader, end: number): void {
  if (reader.pos !== end) throw new Error(CUT);
}

export function readTag(reader: Reader): number {
  const tag = reader.uint32();
  if (tag >>> 3 === 0) throw new Error('no field has the number 0');
  return tag;
}

/** Not protobufjs's own way alone, which takes the end of any group for that of the one it skips. */
export function skipField(reader: Reader, tag: number, depth = 0): void {
  if ((tag & 7) !== START_GROUP) return void reader.skipType(tag & 7);
  if (depth > Reader.recursionLimit) throw new Error('unknown groups are nested too deep');
  const end = (tag & ~7) | END_GROUP;
  for (let inner = readTag(reader); inner >>> 0 !== end >>> 0; inner = readTag(reader)) {
    skipField(reader, inner, depth + 1);
  }
}

function ownList(target: Target, name: string): unknown[] {
  if (!Array.isArray(target[name])) setOwn(target, name, []);
  return target[name] as unknown[];
}

function ownObject(target: Target, name: string): Target {
  if (!Object.hasOwn(target, name)) setOwn(target, name, {});
  return target[name] as Target;
}
