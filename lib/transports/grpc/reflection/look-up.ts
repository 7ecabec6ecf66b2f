import { GRPC_DEADLINE_EXCEEDED, GRPC_UNIMPLEMENTED } from '../../../errors/codes';
import type { PooledClient } from '../client-pool';
import { isServiceError } from '../service-error';
import { openConversation } from './conversation';
import type { DescriptorCodec } from './descriptor-codec';
import { fetchFiles } from './fetch-files';
import type { ReflectedFile } from './fetch-files';
import { ReflectionError } from './reflection-error';
import type { ReflectedSymbol } from './reflection-error';

const VERSIONS = ['v1', 'v1alpha'] as const;
export type ReflectionVersion = (typeof VERSIONS)[number];

export interface LookUp {
  readonly client: PooledClient;
  readonly codec: DescriptorCodec;
  readonly symbol: ReflectedSymbol;
  /** Milliseconds, over all questions and both versions. */
  readonly timeoutMs: number;
  /** The version that the server has answered before. */
  readonly known: ReflectionVersion | undefined;
  /** Ends the lookup early. */
  readonly signal?: AbortSignal;
}

export interface LookedUp {
  readonly files: readonly ReflectedFile[];
  readonly version: ReflectionVersion;
}

/**
 * Asks a server for everything that a service needs, in v1 of the protocol and, where that is not
 * implemented, in v1alpha. Rejects with ReflectionError.
 */
export async function lookUp(wanted: LookUp): Promise<LookedUp> {
  const { symbol, known, timeoutMs } = wanted;
  const deadline = new Date(Date.now() + timeoutMs);
  const versions = known === 'v1alpha' ? [...VERSIONS].reverse() : VERSIONS;
  for (const version of versions) {
    try {
      return { version, files: await converse(wanted, version, deadline) };
    } catch (error) {
      if (!hasCode(error, GRPC_UNIMPLEMENTED)) throw toReflectionError(error, wanted);
    }
  }
  throw new ReflectionError('notOffered', symbol, 'the server does not offer reflection');
}

async function converse(
  { client, codec, symbol, signal }: LookUp,
  version: ReflectionVersion,
  deadline: Date,
): Promise<readonly ReflectedFile[]> {
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const conversation = openConversation(client, path, { codec, symbol, deadline });
  signal?.addEventListener('abort', conversation.cancel, { once: true });
  try {
    const files = await fetchFiles(conversation, codec, symbol);
    conversation.end();
    return files;
  } catch (error) {
    conversation.cancel();
    throw error;
  } finally {
    signal?.removeEventListener('abort', conversation.cancel);
  }
}

function hasCode(error: unknown, code: number): boolean {
  return isServiceError(error) && Number(error.code) === code;
}

function toReflectionError(error: unknown, { symbol, timeoutMs }: LookUp): ReflectionError {
  if (error instanceof ReflectionError) return error;
  if (hasCode(error, GRPC_DEADLINE_EXCEEDED)) {
    return new ReflectionError('timeout', symbol, `no answer within ${timeoutMs} ms`, error);
  }
  const reason = isServiceError(error) ? error.details : String((error as Error).message);
  return new ReflectionError('failed', symbol, reason, error);
}
