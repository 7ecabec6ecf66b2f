import { isIP, isIPv6 } from 'node:net';

/** `[2001:db8::1]:80` and `192.0.2.1:80`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/** The eight groups of an IPv6 address (RFC 4291 section 2.2). */
function readGroups(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = [], tail = []] = hex
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].map((group) => parseInt(group, 16));
}

/**
 * Who an address stands for: an IPv4 address for itself, however it is written, an IPv6 address for its
 * /64, because that is the least a subscriber is given (RFC 6177) and any address of it is free to use.
 * A port, which some proxies forward with it, is another for every connection.
 */
export function addressKey(given: string): string {
  const [, inBrackets, beforePort] = WITH_PORT.exec(given) ?? [];
  const address = [inBrackets, beforePort].find((one) => isIP(one ?? '')) ?? given;
  if (!isIPv6(address)) return address;
  const groups = readGroups(address.replace(/%.*$/, ''));
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) {
    const bytes = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
    return bytes.join('.');
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
