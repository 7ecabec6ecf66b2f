import http from 'node:http';
import type { ClientRequest } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { IdleConnections } from './idle-connections';
import { lookupWithLoopback } from './loopback';
import { INVALID_RESPONSE } from './parse-response';

/** Idle connections are closed after this long, or earlier when the server's Keep-Alive hint says so. */
const IDLE_TIMEOUT_MS = 60_000;

/** The members of Node's agent that are used here, as Node 20 to 24 have them. */
interface NodeAgent {
  readonly freeSockets: Record<string, Socket[]>;
  readonly sockets: Record<string, Socket[]>;
  getName: (options: object) => string;
  reuseSocket: (socket: Socket, request: ClientRequest) => void;
  /** The hook that agents override; it asks `getName` before it looks among the free sockets. */
  addRequest: (request: ClientRequest, options: object) => void;
}

/** What a request fails with that is sent, or still under way, when connections are closed for good. */
export class ConnectionsClosed extends Error {
  override readonly name = 'ConnectionsClosed';
}

export interface KeepAliveAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** Awaited before a request is sent: what has arrived on idle connections is seen first; rejects after `destroy`. */
  readonly catchUp: () => Promise<void>;
  destroy(): void;
}

/** The agents of one gateway: they keep connections alive and reuse them by the rules of IdleConnections. */
export function createKeepAliveAgents(maxSockets: number): KeepAliveAgents {
  // How many requests run at once is bounded by upstream-slots; an agent's own queue has no bound.
  const options = { keepAlive: true, timeout: IDLE_TIMEOUT_MS, maxFreeSockets: maxSockets };
  const idle = new IdleConnections();
  const httpAgent = withIdleRules(new http.Agent(options), idle, maxSockets);
  const httpsAgent = withIdleRules(new https.Agent(options), idle, maxSockets);
  let isDestroyed = false;
  return {
    httpAgent,
    httpsAgent,
    async catchUp() {
      await idle.catchUp();
      // A destroyed agent of Node would open connections again.
      if (isDestroyed) throw closed();
    },
    destroy() {
      isDestroyed = true;
      for (const agent of [httpAgent, httpsAgent]) {
        // Those in use learn why: of a bare `destroy` a request hears ECONNRESET.
        for (const socket of Object.values(agent.sockets).flat()) socket?.destroy(closed());
        agent.destroy();
      }
    },
  };
}

function closed(): ConnectionsClosed {
  return new ConnectionsClosed('The gateway is closed');
}

/** A server that switches protocols unasked; Node would end the request without a word. */
function refuseUpgrade(request: ClientRequest, socket: Socket): void {
  socket.destroy();
  const error = new Error('The server switched protocols');
  request.emit('error', Object.assign(error, { code: INVALID_RESPONSE }));
}

function withIdleRules<Agent extends http.Agent>(
  agent: Agent,
  idle: IdleConnections,
  maxSockets: number,
): Agent {
  const node = agent as unknown as NodeAgent;
  const { getName, addRequest, reuseSocket } = node;
  let method: string | undefined;
  let parked: { name: string; sockets: Socket[] } | undefined;

  node.getName = (options) => {
    const name = getName.call(agent, options);
    if (method !== undefined) arrange(name, method);
    method = undefined;
    return name;
  };

  /** Puts a fit connection last, where Node takes it from, or takes all out of Node's way. */
  function arrange(name: string, forMethod: string): void {
    const free = node.freeSockets[name];
    if (!free) return;
    const fit = idle.findFit(free, name, forMethod);
    if (fit) {
      free.push(...free.splice(free.indexOf(fit), 1));
      return;
    }
    const isFull = free.length + (node.sockets[name]?.length ?? 0) >= maxSockets;
    if (isFull) free.pop()?.destroy();
    parked = { name, sockets: free.splice(0) };
  }

  node.addRequest = (request, options) => {
    request.once('upgrade', (_response, socket) => refuseUpgrade(request, socket));
    ({ method } = request);
    addRequest.call(agent, request, { lookup: lookupWithLoopback, ...options });
    method = undefined;
    if (!parked) return;
    const { name, sockets } = parked;
    parked = undefined;
    node.freeSockets[name] = [...sockets, ...(node.freeSockets[name] ?? [])];
  };

  node.reuseSocket = (socket, request) => {
    idle.remove(socket);
    reuseSocket.call(agent, socket, request);
  };

  agent.on('free', (socket: Socket, options: object) => {
    const name = getName.call(agent, options);
    if (!socket.destroyed && node.freeSockets[name]?.includes(socket)) idle.add(socket, name);
  });
  return agent;
}
