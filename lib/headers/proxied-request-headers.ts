import { toHeaderValue, toPlainName } from './header-record';
import type { HeaderRecord, HeadersInput } from './header-record';
import { isFraming, readConnectionNames } from './not-forwarded';
import type { ForwardedHeaders } from './proxy-headers';

/** What is known of the connection to the client. */
export interface ClientFacts {
  readonly address?: string | undefined;
  readonly protocol: string;
  /** Of HTTP. */
  readonly httpVersion: string;
}

export interface ProxiedHeadersInput {
  /** What the gateway sends of its own accord; it wins over everything of the client. */
  readonly own: HeaderRecord;
  /** Lower-cased names that only the gateway may send, whether it does or not. */
  readonly reserved: ReadonlySet<string>;
  readonly incoming: HeadersInput;
  readonly client: ClientFacts;
  readonly forwarded: ForwardedHeaders;
}

/** RFC 9110 section 7.6.3: how the gateway names itself. */
const PSEUDONYM = 'sallyport';
/** Where the client may have come from, by its own word. */
const CLAIM = /^(?:x-forwarded-.*|forwarded|x-real-ip)$/;

/**
 * The headers of a proxied request: the client's end-to-end headers beneath the gateway's own, the
 * connection it came over added to those of RFC 9110 section 7.6 and to X-Forwarded-*.
 */
export function toProxiedHeaders(input: ProxiedHeadersInput): HeaderRecord {
  const { own, reserved, incoming, client, forwarded } = input;
  const headers: HeaderRecord = { ...own };
  const isEndToEnd = createIsEndToEnd(incoming);
  const passed: HeaderRecord = {};
  for (const [given, one] of Object.entries(incoming)) {
    const name = given.toLowerCase();
    const value = toHeaderValue(one);
    if (value === undefined || !isEndToEnd(name) || name === 'host') continue;
    if (forwarded === 'drop' && CLAIM.test(toPlainName(name))) continue;
    passed[name] = value;
  }
  const isOwn = (name: string) => own[name] !== undefined || reserved.has(name);
  for (const [name, value] of Object.entries(passed)) {
    if (!isOwn(name) && !isOwn(toPlainName(name))) headers[name] = value;
  }
  const host = toHeaderValue(incoming['host']);
  append('x-forwarded-for', client.address);
  append('x-forwarded-proto', client.protocol);
  append('x-forwarded-host', host === undefined ? undefined : String(host));
  append('via', `${client.httpVersion} ${PSEUDONYM}`);
  // RFC 9110 section 7.6.2; 0 is not passed on at all.
  const hops = Number(passed['max-forwards'] ?? NaN);
  if (Number.isSafeInteger(hops) && hops > 0) headers['max-forwards'] = String(hops - 1);
  return headers;

  function append(name: string, value: string | undefined): void {
    if (value === undefined || isOwn(name)) return;
    const before = passed[name];
    headers[name] = before === undefined ? value : `${String(before)}, ${value}`;
    for (const other of Object.keys(headers)) {
      if (other !== name && toPlainName(other) === name) delete headers[other];
    }
  }
}

/** RFC 9110 section 7.6.1: what belongs to one connection goes no further. */
export function createIsEndToEnd(message: HeadersInput): (name: string) => boolean {
  const named = readConnectionNames(message);
  return (name) => {
    const plain = toPlainName(name);
    if (isFraming(plain) || named?.has(name) || plain === 'http2-settings') return false;
    // CGI makes `Proxy` the variable HTTP_PROXY, which clients of the upstream obey.
    return plain !== 'proxy' && !plain.startsWith('proxy-') && name !== '__proto__';
  };
}
