import { Client } from '@grpc/grpc-js';
import type { ChannelOptions } from '@grpc/grpc-js';
import type { ResolvedCredentials } from './credentials';

/** What makes a client one of its kind (RELIABILITY T1). */
export interface ClientKey {
  readonly address: string;
  readonly protoKey: string;
  readonly credentials: ResolvedCredentials;
  readonly options: ChannelOptions;
}

/** A client, and how many calls run on it. */
export class PooledClient {
  private running = 0;
  private isRetired = false;

  constructor(
    readonly client: Client,
    readonly key: string,
  ) {}

  enter(): void {
    this.running++;
  }

  leave(): void {
    this.running--;
    if (this.isRetired && this.running === 0) this.client.close();
  }

  /** Closes when the last call on it has ended, however long that takes. */
  retire(): void {
    if (this.isRetired) return;
    this.isRetired = true;
    if (this.running === 0) this.client.close();
  }
}

/** The clients of one gateway: one for each endpoint, service, credentials and options. */
export class ClientPool {
  private readonly clients = new Map<string, PooledClient>();

  clientFor(key: ClientKey): PooledClient {
    const { address, protoKey, credentials, options } = key;
    const text = JSON.stringify([
      address,
      protoKey,
      credentials.identity,
      describeOptions(options),
    ]);
    const known = this.clients.get(text);
    if (known) return known;
    // grpc-js shares connections between equal channels of the process; ours belong to one gateway.
    const own = { ...options, 'grpc.use_local_subchannel_pool': 1 };
    const created = new PooledClient(new Client(address, credentials.credentials, own), text);
    this.clients.set(text, created);
    return created;
  }

  /** The next call gets a new client; calls in flight finish on this one. */
  renew(client: PooledClient): void {
    if (this.clients.get(client.key) !== client) return;
    this.clients.delete(client.key);
    client.retire();
  }

  close(): void {
    for (const { client } of this.clients.values()) client.close();
    this.clients.clear();
  }
}

/** Options in a fixed order; a function among them is told apart by its text. */
function describeOptions(options: ChannelOptions): [string, string][] {
  const entries = Object.entries(options).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
