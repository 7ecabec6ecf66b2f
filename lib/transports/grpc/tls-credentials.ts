import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';

type Pem = Buffer | null;

/**
 * TLS credentials that never give an IP address as server name. grpc-js (1.14) always does, RFC 6066
 * section 3 forbids it, and Node warns of it on the console (DEP0123). Without a server name Node
 * checks the certificate against the host, which is the same address.
 */
export function createTlsCredentials(ca: Pem, key: Pem, cert: Pem): ChannelCredentials {
  const made = credentials.createSsl(ca, key, cert);
  const create = made._createSecureConnector.bind(made);
  made._createSecureConnector = (...given) => {
    const connector = create(...given);
    const { connectionOptions: tls } = connector as { connectionOptions?: ConnectionOptions };
    if (tls && isIP(tls.servername ?? '')) tls.servername = '';
    return connector;
  };
  return made;
}
