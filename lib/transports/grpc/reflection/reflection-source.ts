import { observe } from '../../../call/observe';
import type { Logger } from '../../../context';
import { GRPC_DEADLINE_EXCEEDED, GRPC_UNAVAILABLE } from '../../../errors/codes';
import type { PooledClient } from '../client-pool';
import { isServiceError } from '../service-error';
import type { ServiceTypes } from '../service-types';
import type { DescriptorCodec } from './descriptor-codec';
import { findDrift } from './drift';
import type { ReflectedFile } from './fetch-files';
import { lookUp } from './look-up';
import type { ReflectionVersion } from './look-up';
import { ReflectedService } from './reflected-service';
import type { Learned } from './reflected-service';
import { toServiceTypes } from './reflected-types';
import { ReflectionError } from './reflection-error';
import type { ReflectedSymbol } from './reflection-error';
import type { SnapshotStore } from './snapshot-store';

/** Where a service is described. */
export interface ReflectionTarget {
  readonly symbol: ReflectedSymbol;
  /** That of the calls themselves: the same connection, credentials and options. */
  readonly client: PooledClient;
}

export interface ReflectionParts {
  readonly codec: DescriptorCodec;
  /** Milliseconds for one lookup. */
  readonly timeoutMs: number;
  readonly logger: Logger | undefined;
  readonly snapshots: SnapshotStore | undefined;
}

/** Describes services of one scope of one gateway, as their servers do. */
export class ReflectionSource {
  private readonly services = new Map<string, ReflectedService>();
  private readonly versions = new Map<string, ReflectionVersion>();
  private readonly users: { protoKey: string; method: string; action: string }[] = [];

  constructor(private readonly parts: ReflectionParts) {}

  /** Makes changes of a method known that break the action which calls it. */
  watch(protoKey: string, method: string, action: string): void {
    this.users.push({ protoKey, method, action });
  }

  /** Looked up once; refreshed in the background where `refreshMs` says so. Rejects with ReflectionError. */
  typesOf(target: ReflectionTarget, refreshMs?: number): Promise<ServiceTypes> {
    return this.serviceOf(target).get((known) => this.learn(target, known), refreshMs);
  }

  /** Looked up now. The signal ends the lookup. */
  freshTypesOf(target: ReflectionTarget, signal: AbortSignal): Promise<ServiceTypes> {
    return this.serviceOf(target).getFresh((known) => this.learn(target, known, signal));
  }

  private serviceOf({ client: { key } }: ReflectionTarget): ReflectedService {
    const service = this.services.get(key) ?? new ReflectedService();
    this.services.set(key, service);
    return service;
  }

  private async learn(
    target: ReflectionTarget,
    known: Learned | undefined,
    signal?: AbortSignal,
  ): Promise<Learned> {
    const { symbol } = target;
    try {
      const files = await this.fetch(target, signal);
      const before = known ?? (await this.readSnapshot(symbol));
      if (before && isSame(before.files, files)) return { ...before, isStale: false };
      const types = toServiceTypes(files, this.parts.codec, symbol);
      if (before) this.reportDrift(symbol, before.types, types);
      this.keep(symbol, files);
      return { files, types, isStale: false };
    } catch (error) {
      if (known) this.warn(symbol, 'the known description stays in use', error);
      const pinned = !known && isUnreachable(error) ? await this.readSnapshot(symbol) : undefined;
      if (!pinned) throw error;
      this.warn(symbol, 'its snapshot is used', error);
      return pinned;
    }
  }

  private async fetch(
    { symbol, client }: ReflectionTarget,
    signal: AbortSignal | undefined,
  ): Promise<readonly ReflectedFile[]> {
    const { codec, timeoutMs } = this.parts;
    const known = this.versions.get(client.key);
    const { files, version } = await lookUp({
      client,
      codec,
      symbol,
      timeoutMs,
      known,
      ...(signal && { signal }),
    });
    this.versions.set(client.key, version);
    return files;
  }

  private async readSnapshot(symbol: ReflectedSymbol): Promise<Learned | undefined> {
    try {
      const files = await this.parts.snapshots?.read(symbol);
      if (!files) return undefined;
      return { files, types: toServiceTypes(files, this.parts.codec, symbol), isStale: true };
    } catch (error) {
      this.warn(symbol, 'its snapshot cannot be read', error);
      return undefined;
    }
  }

  private keep(symbol: ReflectedSymbol, files: readonly ReflectedFile[]): void {
    observe(
      () => this.parts.snapshots?.write(symbol, files),
      (error) => this.warn(symbol, 'its snapshot cannot be written', error),
    );
  }

  private reportDrift(symbol: ReflectedSymbol, before: ServiceTypes, after: ServiceTypes): void {
    for (const { protoKey, method, action } of this.users) {
      if (protoKey !== symbol.protoKey) continue;
      for (const change of findDrift(before, after, method)) {
        this.warn(symbol, `the action ${action} is broken: ${change}`);
      }
    }
  }

  private warn({ address, protoKey }: ReflectedSymbol, text: string, error?: unknown): void {
    const about = error instanceof Error ? { reason: error.message.slice(0, 1024) } : {};
    const entry = { code: 'GRPC_REFLECTION', endpoint: address, service: protoKey, ...about };
    observe(() => this.parts.logger?.warn(entry, `Reflection of ${protoKey}: ${text}`));
  }
}

function isSame(before: readonly ReflectedFile[], after: readonly ReflectedFile[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ bytes }, index) => after[index]?.bytes.equals(bytes))
  );
}

/** Nothing there that answers, as against one that answers something else. */
function isUnreachable(error: unknown): boolean {
  const { fault, cause } = error as ReflectionError;
  if (!(error instanceof ReflectionError)) return false;
  const code = isServiceError(cause) ? Number(cause.code) : undefined;
  return fault === 'timeout' || code === GRPC_UNAVAILABLE || code === GRPC_DEADLINE_EXCEEDED;
}
