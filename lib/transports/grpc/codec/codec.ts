import type { Root, Type } from 'protobufjs';
import type { AnyCodec } from './any-codec';
import { createCanonicalInput } from './canonical-input';
import { createCanonicalOutput } from './canonical-output';
import { Decoder } from './decode';
import { Encoder } from './encode';
import { findTypeByUrl } from './find-by-name';
import { InvalidMessage } from './invalid-message';
import { JsonWriter } from './json-writer';
import type { LoaderOptions } from './loader-options';
import { createLoaderInput, createLoaderOutput } from './loader-shape';
import { PlanCache } from './plan';
import { hasSpecialJson } from './special-json';

export type JsonFormat = 'loader' | 'canonical';

/** Messages of one root to plain objects and back, in one of the two JSON formats. */
export interface Codec {
  /** Throws for bytes that are no such message. */
  decode(type: Type, bytes: Uint8Array): unknown;
  /** The JSON text of the same in the loader format; undefined where only `decode` can tell. */
  toJson(type: Type, bytes: Buffer): Buffer | undefined;
  /** Throws InvalidMessage. */
  encode(type: Type, value: unknown): Buffer;
  /** The content of an Any; undefined when its type is unknown or it does not decode. */
  unpackAny(typeUrl: string, bytes: Uint8Array, depth?: number): unknown;
}

/** `anyOptions` say what the content of Any values looks like in the loader format. */
export function createCodec(
  root: Root,
  format: JsonFormat,
  maxDepth: number,
  anyOptions?: LoaderOptions,
): Codec {
  const plans = new PlanCache();
  const any: AnyCodec = {
    unpack: unpackAny,
    pack(typeUrl, value, depth) {
      const type = findTypeByUrl(root, typeUrl);
      if (!type) throw new InvalidMessage('a known type').within('@type');
      return encoder.encode(plans.planOf(type), value, depth);
    },
    hasSpecialJson: (typeUrl) => hasSpecialJson(typeUrl.slice(typeUrl.lastIndexOf('/') + 1)),
  };
  const isCanonical = format === 'canonical';
  const outputOf = (options?: LoaderOptions) =>
    isCanonical ? createCanonicalOutput(any) : createLoaderOutput(options);
  const output = outputOf();
  const decoder = new Decoder(output, maxDepth);
  const writer = isCanonical ? undefined : new JsonWriter(output, maxDepth);
  const anyDecoder = anyOptions ? new Decoder(outputOf(anyOptions), maxDepth) : decoder;
  const encoder = new Encoder(
    isCanonical ? createCanonicalInput(any) : createLoaderInput(any),
    maxDepth,
  );

  function unpackAny(typeUrl: string, bytes: Uint8Array, depth = 0): unknown {
    const type = findTypeByUrl(root, typeUrl);
    if (!type) return undefined;
    try {
      return anyDecoder.decode(plans.planOf(type), bytes, depth);
    } catch {
      return undefined;
    }
  }

  return {
    decode: (type, bytes) => decoder.decode(plans.planOf(type), bytes),
    toJson: (type, bytes) => writer?.write(plans.planOf(type), bytes),
    encode: (type, value) => encoder.encode(plans.planOf(type), value),
    unpackAny,
  };
}
