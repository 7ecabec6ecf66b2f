import { lookup as resolve } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';

type OnFound = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** As `dns.lookup`, but `localhost` is both loopback addresses on every system (RFC 6761 section 6.3). */
export function lookupWithLoopback(hostname: string, options: LookupOptions, done: OnFound): void {
  if (hostname !== 'localhost') return resolve(hostname, options, done);
  resolve(hostname, { ...options, all: true }, (_error, found = []) => {
    const { family = 0 } = options;
    const missing = LOOPBACK.filter(({ address, family: own }) => {
      const isWanted = family === 0 || String(family).endsWith(String(own));
      return isWanted && !found.some((one) => one.address === address);
    });
    const all = [...found, ...missing];
    const [first = LOOPBACK[0] as LookupAddress] = all;
    if (options.all) done(null, all);
    else done(null, first.address, first.family);
  });
}
