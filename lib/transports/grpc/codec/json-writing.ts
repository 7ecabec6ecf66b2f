import type { Reader } from 'protobufjs';
import { assertEnd, readTag, skipField } from './decode';
import { JsonOutput } from './json-output';
import type { JsonField, JsonPlan } from './json-plan';
import type { MessagePlan, OneofPlan } from './plan';
import { DELIMITED } from './wire-types';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** JSON is about this much longer than the bytes of a message. */
const GROWTH = 3;

/** Fields that come twice or not in the order of their numbers: the decoder takes them. */
class NotInOrder extends Error {}

/** The writing of one message as JSON. Throws for bytes in any other form than serialisers write. */
export class JsonWriting {
  private readonly out: JsonOutput;
  /** Where the message at hand ends. */
  private end: number;

  constructor(
    private readonly reader: Reader,
    private readonly maxDepth: number,
    private readonly planOf: (plan: MessagePlan) => JsonPlan,
  ) {
    this.end = reader.len;
    this.out = new JsonOutput(reader.len * GROWTH + 256);
  }

  write(plan: MessagePlan): Buffer {
    this.writeMessage(this.planOf(plan), 0);
    return this.out.finish();
  }

  private writeMessage(plan: JsonPlan, depth: number): void {
    const { reader, out } = this;
    if (depth > this.maxDepth) throw new NotInOrder();
    const start = out.length;
    let oneofs: OneofPlan[] | undefined;
    let next = 0;
    while (reader.pos < this.end) {
      const tag = readTag(reader);
      const field = plan.byTag.get(tag);
      if (!field) {
        skipField(reader, tag);
        continue;
      }
      const { oneof } = field.plan;
      if (field.index < next || (oneof && oneofs?.includes(oneof))) throw new NotInOrder();
      while (next < field.index) out.byteText(plan.fields[next++]?.unset ?? '');
      next = field.index + 1;
      out.byteText(field.key);
      this.writeField(field, tag, depth);
      out.byteText(field.chosen);
      if (oneof) (oneofs ??= []).push(oneof);
    }
    assertEnd(reader, this.end);
    while (next < plan.fields.length) out.byteText(plan.fields[next++]?.unset ?? '');
    // Each key brings its comma; that of the first gives way to the brace.
    if (out.length === start) out.byte(OPEN);
    else out.setByte(start, OPEN);
    out.byte(CLOSE);
  }

  private writeField(field: JsonField, tag: number, depth: number): void {
    const { shape, wireType } = field.plan;
    if (shape === 'single') return this.writeValue(field, depth);
    const isPacked = (tag & 7) === DELIMITED && wireType !== DELIMITED;
    this.out.byte(shape === 'map' ? OPEN : OPEN_LIST);
    if (shape === 'map') this.writeEntries(field, tag, depth);
    else if (isPacked) this.writePacked(field);
    else this.writeItems(field, tag, depth);
    this.out.byte(shape === 'map' ? CLOSE : CLOSE_LIST);
  }

  private writeItems(field: JsonField, tag: number, depth: number): void {
    this.writeValue(field, depth);
    while (this.read(tag)) {
      this.out.byte(COMMA);
      this.writeValue(field, depth);
    }
  }

  private writePacked(field: JsonField): void {
    const outer = this.enter();
    const start = this.reader.pos;
    while (this.reader.pos < this.end) {
      if (this.reader.pos > start) this.out.byte(COMMA);
      this.writeValue(field, 0);
    }
    this.leave(outer);
  }

  private writeEntries(field: JsonField, tag: number, depth: number): void {
    const { keyTag, valueTag, plan } = field;
    const names = new Set<string>();
    do {
      const outer = this.enter();
      if (!this.read(keyTag)) throw new NotInOrder();
      const name = String(plan.mapKey?.read(this.reader));
      if (names.has(name) || !this.read(valueTag)) throw new NotInOrder();
      if (names.size > 0) this.out.byte(COMMA);
      names.add(name);
      this.out.text(JSON.stringify(name));
      this.out.byte(COLON);
      this.writeValue(field, depth);
      this.leave(outer);
    } while (this.read(tag));
  }

  private writeValue({ plan: { value }, toText }: JsonField, depth: number): void {
    const { reader, out } = this;
    if (value.kind === 'message') {
      const outer = this.enter();
      this.writeMessage(this.planOf(value.message()), depth + 1);
      this.leave(outer);
    } else if (value.kind === 'enum') out.byteText(toText(reader.int32()));
    else if (value.scalar.type !== 'string') out.byteText(toText(value.scalar.read(reader)));
    else {
      const end = reader.uint32() + reader.pos;
      if (end > this.end) throw new NotInOrder();
      out.string(reader.buf as Buffer, reader.pos, end);
      reader.pos = end;
    }
  }

  /** Reads a length and makes what it covers the message at hand. */
  private enter(): number {
    const outer = this.end;
    const end = this.reader.uint32() + this.reader.pos;
    if (end > outer) throw new NotInOrder();
    this.end = end;
    return outer;
  }

  private leave(outer: number): void {
    assertEnd(this.reader, this.end);
    this.end = outer;
  }

  /** Reads the next tag when it is this one. */
  private read(tag: number): boolean {
    const { reader } = this;
    const { pos } = reader;
    if (pos < this.end && reader.uint32() === tag) return true;
    reader.pos = pos;
    return false;
  }
}
