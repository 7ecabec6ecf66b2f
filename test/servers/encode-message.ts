import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { BUNDLED_PROTOS, PROTO_ROOT } from './start-grpc-upstream';

const files = ['google/rpc/status.proto', 'google/rpc/error_details.proto', 'shop.proto'];
const definition = loadSync(files, { includeDirs: [PROTO_ROOT, BUNDLED_PROTOS] });

/** The bytes of a message as proto-loader writes them. */
export function encodeMessage(name: string, message: object): Buffer {
  const type = definition[name] as MessageTypeDefinition<object, object> | undefined;
  if (!type) throw new Error(`no message ${name}`);
  return type.serialize(message);
}

/** A message as an Any; bytes go in as they are. */
export function packAny(name: string, message: object | Buffer) {
  const value = Buffer.isBuffer(message) ? message : encodeMessage(name, message);
  return { type_url: `type.googleapis.com/${name}`, value };
}
