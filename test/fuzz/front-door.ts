import { Agent, request as httpRequest } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { GatewayConfig, GatewayContext } from '../../lib';
import { closeAfterTest } from '../servers/closing';
import { startGateway } from '../servers/start-gateway';

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface Asked {
  method?: string;
  /** As it is to stand in the request line. */
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** What the call wrote to logs and stats. */
  logs?: string[];
}

/** A client of one server that keeps its connections, and sends what it is told. */
export function createClient(port: number) {
  const agent = new Agent({ keepAlive: true });
  closeAfterTest(() => Promise.resolve(agent.destroy()));

  return function ask({ method = 'POST', path, headers, body }: Asked): Promise<Answer> {
    const options = { host: '127.0.0.1', port, agent, method, path, headers };
    return new Promise((resolve, reject) => {
      const request = httpRequest(options, (response) => {
        const { statusCode = 0 } = response;
        buffer(response).then(
          (bytes) =>
            resolve({ status: statusCode, headers: response.headers, text: bytes.toString() }),
          reject,
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  };
}

/** A gateway whose logs and stats are heard. Asks for an action with args as JSON, or by `api`. */
export async function startDoor(schemas: object, config: GatewayConfig<any, any, any> = {}) {
  const heard: unknown[][] = [];
  const note = (...said: unknown[]) => void heard.push(said);
  const ctx: GatewayContext = {
    create: () => ctx,
    log: note,
    logError: note,
    end: () => undefined,
  };
  const use = (app: any, json: any) => {
    app.use(json({ limit: '1mb' }));
    app.use((req: any, _res: unknown, next: () => void) => {
      req.ctx = ctx;
      next();
    });
  };
  const sendStats = (stats: unknown, headers: unknown) => note(stats, headers);
  const gateway = await startGateway(schemas as never, { sendStats, ...config }, { use });
  const ask = createClient(gateway.port);
  const readLogs = () => heard.splice(0).map((said) => inspect(said, { maxStringLength: null }));

  async function post(
    action: string,
    args: unknown,
    headers: OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    const sent = { 'content-type': 'application/json', ...headers };
    const body = JSON.stringify(args);
    const answer = await ask({ path: `/gateway/${action}`, headers: sent, body });
    return { ...answer, logs: readLogs() };
  }

  /** The same by `api`, told as an answer is. */
  async function call(action: string, input: object): Promise<Answer> {
    const [service = '', name = ''] = action.split('/');
    const run = (gateway.api as any)[service][name];
    const [{ value, reason }]: any = await Promise.allSettled([run({ ctx, ...input })]);
    const { status = 200 } = reason?.error ?? {};
    const text = JSON.stringify(reason ? reason.error : value.responseData) ?? '';
    return { status, headers: { 'content-type': JSON_TYPE }, text, logs: readLogs() };
  }

  return { post, call };
}
