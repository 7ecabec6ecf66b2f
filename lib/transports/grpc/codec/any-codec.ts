export const ANY = 'google.protobuf.Any';

/** Encodes and decodes what an Any carries; made by the codec, which knows the types. */
export interface AnyCodec {
  /** Undefined for an unknown type. */
  unpack(typeUrl: string, bytes: Uint8Array, depth: number): unknown;
  /** Throws InvalidMessage, for an unknown type too. */
  pack(typeUrl: string, value: unknown, depth: number): Buffer;
  /** Whether the type's JSON is not an object of its fields, so that Any puts it under `value`. */
  hasSpecialJson(typeUrl: string): boolean;
}
