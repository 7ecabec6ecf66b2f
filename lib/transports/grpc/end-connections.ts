import type { Socket } from 'node:net';
import type { ChannelCredentials } from '@grpc/grpc-js';

/** For the last frames of a connection to be written. */
const GRACE_MS = 200;

/**
 * Credentials whose connections end with their client. grpc-js (1.14) closes them in good order only:
 * one whose server never said hello, or broke HTTP/2 (Node then reads no more of it and does not see it
 * end), would stay open for ever, and so would one that comes about when its client is closed already.
 */
export function endConnections(credentials: ChannelCredentials): ChannelCredentials {
  const create = credentials._createSecureConnector.bind(credentials);
  credentials._createSecureConnector = (...given) => {
    const connector = create(...given);
    const sockets = new Set<Socket>();
    let isOver = false;
    return {
      waitForReady: () => connector.waitForReady(),
      getCallCredentials: () => connector.getCallCredentials(),
      connect(socket) {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        if (isOver) endSoon(socket);
        return connector.connect(socket);
      },
      destroy() {
        isOver = true;
        connector.destroy();
        sockets.forEach(endSoon);
      },
    };
  };
  return credentials;
}

function endSoon(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), GRACE_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
