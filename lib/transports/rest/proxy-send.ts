import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { ProxiedAnswer } from '../../call/proxied';
import type { ExchangeFailure } from './buffered-exchange';
import type { ConnectionPool } from './connection-pool';
import { isIdempotentMethod } from './idle-connections';
import { exchangeProxied } from './proxy-exchange';
import type { ProxyExchangeInput } from './proxy-exchange';

export interface ProxySendInput extends ProxyExchangeInput {
  readonly origin: string;
  readonly options: Omit<Dispatcher.DispatchOptions, 'body'>;
  /** Undefined where the request has none. */
  readonly openBody: (() => Readable) | undefined;
}

/**
 * Sends a proxied request once. Only where its connection was closed while idle, which no upstream has
 * seen, does one without a body go out again, as any request of the pool does (RELIABILITY U11).
 */
export async function sendProxied(
  pool: ConnectionPool,
  { origin, options, openBody, ...input }: ProxySendInput,
): Promise<ProxiedAnswer> {
  const { method } = options;
  const isRepeatable = openBody === undefined && isIdempotentMethod(method);
  for (let isSecond = false; ; isSecond = true) {
    // A body that is read once needs a connection that is known to be left open.
    const lease = await pool.lease(origin, isRepeatable ? method : 'POST');
    const body = input.ending.reason ? undefined : openBody?.();
    try {
      return await exchangeProxied(lease, { ...options, body: body ?? null }, input);
    } catch (error) {
      body?.destroy();
      const isLost = (error as ExchangeFailure).head === undefined && lease.wasLost();
      if (!isLost || isSecond || input.ending.reason || !isRepeatable) throw error;
    }
  }
}
