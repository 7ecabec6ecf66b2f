import { connect } from 'node:net';
import { startRawUpstream } from './start-upstream';

/** Passes connections on to a port, and knows which are open: what a client holds, seen from outside. */
export async function startTcpRelay(port: number) {
  const relay = await startRawUpstream((near) => {
    count++;
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  let count = 0;
  return {
    address: `127.0.0.1:${relay.port}`,
    sockets: relay.sockets,
    close: relay.close,
    /** Connections that were opened so far. */
    get count() {
      return count;
    },
  };
}
