import type { Call } from '../../call/call';
import { isHeaderName, toPlainName } from '../../headers/header-record';
import { isForwardable } from '../../headers/not-forwarded';

/** What a header says of the user; undefined sends none. */
export type UserHeader<User> = (user: User) => string | undefined | Promise<string | undefined>;

/** Whether every entry is a header that may be sent, once, and a function that makes it. */
export function areUserHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value).map((name) => name.toLowerCase());
  const isEachLegal = names.every((name) => isHeaderName(name) && isForwardable(name));
  const isEachMade = Object.values(value).every((make) => typeof make === 'function');
  return isEachLegal && isEachMade && new Set(names).size === names.length;
}

/** The headers that only the gateway writes: they tell upstreams who calls. */
export class UserHeaders<User> {
  private readonly makers: ReadonlyMap<string, UserHeader<User>>;
  private readonly names: ReadonlySet<string>;

  constructor(headers: Readonly<Record<string, UserHeader<User>>> = {}) {
    this.makers = new Map(
      Object.entries(headers).map(([name, make]) => [name.toLowerCase(), make]),
    );
    this.names = new Set(Object.keys(headers).map(toPlainName));
  }

  /** The call without the caller's own copies, however they are spelled: nobody can forge them. */
  withoutCopies(call: Call): Call {
    const isCopy = (name: string) => this.names.has(toPlainName(name));
    if (this.makers.size === 0 || !Object.keys(call.headers).some(isCopy)) return call;
    const kept = Object.entries(call.headers).filter(([name]) => !isCopy(name));
    return { ...call, headers: Object.fromEntries(kept) };
  }

  /** The call as the user's. */
  async withUser(call: Call, user: User): Promise<Call> {
    if (this.makers.size === 0) return call;
    const upstreamHeaders: Record<string, string> = { ...call.upstreamHeaders };
    for (const [name, make] of this.makers) {
      const value = await make(user);
      if (value !== undefined && value !== null) upstreamHeaders[name] = value;
      else delete upstreamHeaders[name];
    }
    return { ...call, upstreamHeaders };
  }
}
