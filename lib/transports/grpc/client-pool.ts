import { Client } from '@grpc/grpc-js';
import type { ChannelOptions } from '@grpc/grpc-js';
import { OptionsText } from './options-text';
import type { ResolvedCredentials } from './credentials';

/** What makes a client one of its kind (RELIABILITY T1). */
export interface ClientKey {
  readonly scope: string;
  readonly address: string;
  readonly protoKey: string;
  readonly credentials: ResolvedCredentials;
  readonly options: ChannelOptions;
}

/** A client's name, and what it is made of. */
export interface ClientTarget extends ClientKey {
  readonly key: string;
}

/** A running call as far as its client must know it. */
export interface Cancellable {
  cancel(): void;
}

/** A client, and the calls that run on it. */
export class PooledClient {
  private readonly running = new Set<Cancellable>();
  private isRetired = false;

  constructor(
    readonly client: Client,
    readonly key: string,
    private readonly onClosed: (client: PooledClient) => void,
  ) {}

  enter(call: Cancellable): void {
    this.running.add(call);
  }

  leave(call: Cancellable): void {
    this.running.delete(call);
    this.closeWhenIdle();
  }

  /** Closes when the last call on it has ended, however long that takes. */
  retire(): void {
    this.isRetired = true;
    this.closeWhenIdle();
  }

  /** Ends what runs on it, and closes. */
  end(): void {
    this.retire();
    for (const call of this.running) call.cancel();
  }

  private closeWhenIdle(): void {
    if (!this.isRetired || this.running.size > 0) return;
    this.client.close();
    // What grpc-js (1.14) resolves in the turn of closing becomes a balancer that connects all the same.
    setImmediate(() => this.client.close());
    this.onClosed(this);
  }
}

/** The clients of one gateway: one for each scope, endpoint, service, credentials and options. */
export class ClientPool {
  private readonly current = new Map<string, PooledClient>();
  /** These, and those that were replaced and have calls left. */
  private readonly open = new Set<PooledClient>();
  private readonly optionsText = new OptionsText();
  isClosed = false;

  /** Names a client; made once for calls that are alike. */
  targetOf(wanted: ClientKey): ClientTarget {
    const { scope, address, protoKey, credentials, options } = wanted;
    const text = this.optionsText.of(options);
    const key = JSON.stringify([scope, address, protoKey, credentials.identity, text]);
    return { ...wanted, key };
  }

  clientFor({ key, address, credentials, options }: ClientTarget): PooledClient {
    const known = this.current.get(key);
    if (known) return known;
    // grpc-js shares connections between equal channels of the process; ours belong to one gateway.
    const own = { ...options, 'grpc.use_local_subchannel_pool': 1 };
    const client = new Client(address, credentials.credentials, own);
    const created = new PooledClient(client, key, (closed) => void this.open.delete(closed));
    this.current.set(key, created);
    this.open.add(created);
    return created;
  }

  /** The next call gets a new client; calls in flight finish on this one. */
  renew(client: PooledClient): void {
    if (this.current.get(client.key) !== client) return;
    this.current.delete(client.key);
    client.retire();
  }

  /** Ends the calls that still run. */
  close(): void {
    this.isClosed = true;
    for (const client of this.open) client.end();
    this.current.clear();
  }
}
