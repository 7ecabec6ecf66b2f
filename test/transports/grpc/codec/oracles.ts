import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { createCodec } from '../../../../lib/transports/grpc/codec/codec';
import type { JsonFormat } from '../../../../lib/transports/grpc/codec/codec';
import { findTypeByUrl } from '../../../../lib/transports/grpc/codec/find-by-name';
import { ProtoFileSource } from '../../../../lib/transports/grpc/proto-file-source';
import { PROTO_ROOT } from '../../../servers/start-grpc-upstream';

const FILE = 'codec/probe.proto';

export const { root } = new ProtoFileSource([PROTO_ROOT]).load(FILE, 'codec.Probe');

/** The gateway's codec for one message type of protos/codec. */
export function codecFor(name: string, format: JsonFormat, maxDepth = 100) {
  const codec = createCodec(root, format, maxDepth);
  const type = findTypeByUrl(root, name);
  if (!type) throw new Error(`no message ${name}`);
  return {
    encode: (value: unknown) => codec.encode(type, value),
    decode: (bytes: Uint8Array): any => codec.decode(type, bytes),
    toJson: (bytes: Buffer) => codec.toJson(type, bytes)?.toString(),
  };
}

const definitions = loadSync(FILE, {
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
  includeDirs: [PROTO_ROOT],
});

/** What proto-loader, with the options the contract names, makes of a message. */
export function protoLoader(name: string) {
  const { serialize, deserialize } = definitions[name] as MessageTypeDefinition<object, object>;
  return { encode: serialize, decode: (bytes: Uint8Array): any => deserialize(Buffer.from(bytes)) };
}

/** The same protos as protoc reads them. */
export const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(join(PROTO_ROOT, 'codec', 'probe.binpb'))),
);

export function messageDescriptor(name: string): DescMessage {
  const found = registry.getMessage(name);
  if (!found) throw new Error(`no message ${name} in probe.binpb`);
  return found;
}

/** What @bufbuild/protobuf makes of a message: ProtoJSON by the specification. */
export function bufbuild(name: string) {
  const schema = messageDescriptor(name);
  return {
    encode: (json: any) => Buffer.from(toBinary(schema, fromJson(schema, json, { registry }))),
    decode: (bytes: Uint8Array): any => toJson(schema, fromBinary(schema, bytes), { registry }),
  };
}

/** What a codec makes of a value: the message, as @bufbuild/protobuf reads it, or a refusal. */
export function outcomeOf(name: string, encode: (value: any) => Buffer, value: unknown): unknown {
  let bytes: Buffer;
  try {
    bytes = encode(value);
  } catch {
    return 'refused';
  }
  return bufbuild(name).decode(bytes);
}
