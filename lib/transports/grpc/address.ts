import { isIPv6 } from 'node:net';

/** Targets of other resolvers: those of grpc-js, and `name://...`, which a program may have registered. */
const OTHER_TARGET =
  /^(?:unix|unix-abstract|ipv4|ipv6|xds):|^(?!https?:|dns:)[a-z][a-z\d+.-]*:\/\//i;
const DNS = /^dns:(?:\/\/[^/]*\/)?/i;
const HOST_PORT = /^(?:\[(?<ip>[^\]]*)\]|[^\s:/?#@]+)(?::(?<port>\d+))?$/;

/** Whether a client could reach the address at all. grpc-js says so only when a call has failed. */
export function isGrpcAddress(address: string): boolean {
  if (OTHER_TARGET.test(address)) return true;
  const name = address.replace(DNS, '');
  const { ip, port = '0' } = HOST_PORT.exec(name)?.groups ?? { port: 'none' };
  return isIPv6(name) || (Number(port) <= 65_535 && (ip === undefined || isIPv6(ip)));
}
