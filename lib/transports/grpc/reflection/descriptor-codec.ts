import { Root } from 'protobufjs';
import { createCodec } from '../codec/codec';
import { Decoder } from '../codec/decode';
import type { OutputShape } from '../codec/decode';
import { findTypeByUrl } from '../codec/find-by-name';
import { PlanCache } from '../codec/plan';
import { addProtoFiles } from '../proto-files';
import type { FileDescriptor } from './descriptors';

/** What is set, under the names of the proto file: descriptors are read as they were written. */
const AS_WRITTEN: OutputShape = {
  nameOf: (field) => field.protoName,
  create: () => ({}),
  scalar: (value) => value,
  enumValue: (number, { enum: plan }) => plan.names.get(number) ?? number,
  choose: () => undefined,
  finish: (message) => message,
};

const MAX_DEPTH = 100;

/** An answer of a server, as far as it is read. */
export interface ReflectionAnswer {
  readonly file_descriptor_response?: { readonly file_descriptor_proto?: readonly Buffer[] };
  readonly error_response?: { readonly error_code?: number; readonly error_message?: string };
}

export type ReflectionQuestion =
  { readonly file_containing_symbol: string } | { readonly file_by_filename: string };

/** Reads and writes what the protocol of reflection carries. */
export class DescriptorCodec {
  private readonly root = loadMessages();
  private readonly plans = new PlanCache();
  private readonly decoder = new Decoder(AS_WRITTEN, MAX_DEPTH);
  private readonly codec = createCodec(this.root, 'loader', MAX_DEPTH);

  encodeQuestion(question: ReflectionQuestion): Buffer {
    return this.codec.encode(typeOf(this.root, `${PROTOCOL}.ServerReflectionRequest`), question);
  }

  decodeAnswer(bytes: Uint8Array): ReflectionAnswer {
    return this.decode(this.root, `${PROTOCOL}.ServerReflectionResponse`, bytes);
  }

  /** `root` may know extensions of the options; without it they are dropped. */
  decodeFile(bytes: Uint8Array, root: Root = this.root): FileDescriptor {
    return this.decode(root, 'google.protobuf.FileDescriptorProto', bytes);
  }

  /** Files as one google.protobuf.FileDescriptorSet, which other tools read too. */
  encodeSet(files: readonly Uint8Array[]): Buffer {
    return this.codec.encode(typeOf(this.root, SET), { file_descriptor_proto: files });
  }

  decodeSet(bytes: Uint8Array): readonly Buffer[] {
    const set = this.decode<{ file_descriptor_proto?: Buffer[] }>(this.root, SET, bytes);
    return set.file_descriptor_proto ?? [];
  }

  private decode<T>(root: Root, name: string, bytes: Uint8Array): T {
    return this.decoder.decode(this.plans.planOf(typeOf(root, name)), bytes) as T;
  }
}

const PROTOCOL = 'grpc.reflection.v1';
/** The same on the wire as a FileDescriptorSet whose files are left as bytes. */
const SET = `${PROTOCOL}.FileDescriptorResponse`;

function loadMessages(): Root {
  const root = new Root();
  addProtoFiles(root, ['google/protobuf/descriptor.proto', 'grpc/reflection/v1/reflection.proto']);
  return root.resolveAll() as Root;
}

function typeOf(root: Root, name: string) {
  const type = findTypeByUrl(root, name);
  if (!type) throw new Error(`${name} is not found`);
  return type;
}
