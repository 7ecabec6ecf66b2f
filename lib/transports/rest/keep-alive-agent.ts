import http from 'node:http';
import type { ClientRequest } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { IdleConnections } from './idle-connections';

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

export interface KeepAliveAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  destroy(): void;
}

/** The agents of one gateway: they keep connections alive and reuse them by the rules of IdleConnections. */
export function createKeepAliveAgents(maxSockets: number): KeepAliveAgents {
  // How many requests run at once is bounded by upstream-slots; an agent's own queue has no bound.
  const options = { keepAlive: true, timeout: IDLE_TIMEOUT_MS, maxFreeSockets: maxSockets };
  const httpAgent = withIdleRules(new http.Agent(options), maxSockets);
  const httpsAgent = withIdleRules(new https.Agent(options), maxSockets);
  const destroy = () => [httpAgent, httpsAgent].forEach((agent) => agent.destroy());
  return { httpAgent, httpsAgent, destroy };
}

function withIdleRules<Agent extends http.Agent>(agent: Agent, maxSockets: number): Agent {
  const node = agent as unknown as NodeAgent;
  const idle = new IdleConnections();
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
    ({ method } = request);
    addRequest.call(agent, request, options);
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
