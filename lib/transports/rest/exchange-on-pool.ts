import type { Dispatcher } from 'undici';
import type { Ending } from '../../call/abort';
import { exchangeBuffered } from './buffered-exchange';
import type { ExchangeFailure, LimitsOf, RawAnswer } from './buffered-exchange';
import type { ConnectionPool } from './connection-pool';
import { isIdempotentMethod } from './idle-connections';

interface Wanted {
  readonly options: Dispatcher.DispatchOptions;
  readonly limitsOf: LimitsOf;
  readonly ending: Ending;
}

/**
 * Sends a request on a connection of the pool. It is sent again, once and at once, where its
 * connection was closed while idle and its method allows that (RFC 9110 section 9.2.2). Rejects with
 * ExchangeFailure.
 */
export async function exchangeOnPool(
  pool: ConnectionPool,
  origin: string,
  { options, limitsOf, ending }: Wanted,
): Promise<RawAnswer> {
  const { method } = options;
  for (let isSecond = false; ; isSecond = true) {
    const lease = await pool.lease(origin, method);
    try {
      return await exchangeBuffered(lease, options, { limitsOf, ending });
    } catch (error) {
      const isLost = (error as ExchangeFailure).head === undefined && lease.wasLost();
      if (!isLost || isSecond || ending.reason || !isIdempotentMethod(method)) throw error;
    } finally {
      lease.giveBack();
    }
  }
}
