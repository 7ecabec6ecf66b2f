import { subscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryObjects } from 'node:v8';

/** Longer than anything of a call goes on after it. */
const SETTLE_MS = 300;

export interface Footprint {
  heapKb: number;
  /** Timers that something still holds, also those that do not hold the process. */
  timers: number;
  signalListeners: number;
  processListeners: number;
  /** The most that any open socket has, of those that browsers opened, and of those to upstreams. */
  socketListeners: { browser: number; upstream: number };
  warnings: string[];
}

const countAll = (socket: Socket) =>
  socket.eventNames().reduce((sum, event) => sum + socket.listenerCount(event), 0);

/** Looks at what this process holds; needs `--expose-gc`. */
export function watchFootprint(): (signal: AbortSignal) => Promise<Footprint> {
  const sockets = { browser: new Set<Socket>(), upstream: new Set<Socket>() };
  const warnings: string[] = [];
  process.on('warning', ({ name, message }) => {
    // Of `queryObjects` itself.
    if (name !== 'ExperimentalWarning') warnings.push(`${name}: ${message}`);
  });
  const watch = (open: Set<Socket>) => (message: unknown) => {
    const { socket } = message as { socket: Socket };
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  subscribe('net.server.socket', watch(sockets.browser));
  subscribe('net.client.socket', watch(sockets.upstream));
  const mostOf = (open: Set<Socket>) => Math.max(0, ...[...open].map(countAll));

  return async function footprint(signal) {
    await sleep(SETTLE_MS);
    for (let n = 0; n < 3; n++) {
      (globalThis as { gc?: () => void }).gc?.();
      await new Promise(setImmediate);
    }
    const { constructor: Timeout } = setTimeout(() => undefined, 0);
    return {
      heapKb: Math.round(process.memoryUsage().heapUsed / 1024),
      timers: queryObjects(Timeout) as unknown as number,
      signalListeners: getEventListeners(signal, 'abort').length,
      processListeners: process.eventNames().reduce((n, one) => n + process.listenerCount(one), 0),
      socketListeners: { browser: mostOf(sockets.browser), upstream: mostOf(sockets.upstream) },
      warnings,
    };
  };
}
