import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { AnyGatewayConfig } from '../../config/gateway-config';
import type {
  GatewayRequest,
  GatewayResponse,
  HookRequest,
  HookResponse,
} from '../../config/hook-types';
import type { GatewayContext } from '../../context';
import type { Handler } from '../../handler/handler';
import type { HandlerResponse } from '../../handler/handler-message';
import { ClientConnection } from './client-connection';
import { ExpressRequest } from './express-request';

/** An Express 4 or 5 handler for `POST <prefix>/:scope/:service/:action`; it never rejects. */
export type ControllerType<
  Req extends HookRequest<GatewayContext> = GatewayRequest,
  Res extends HookResponse = GatewayResponse,
> = (req: Req, res: Res) => Promise<void>;

export function createExpressController(
  handler: Handler,
  config: AnyGatewayConfig,
): ControllerType {
  return async function controller(req, res) {
    let client: ClientConnection | undefined;
    try {
      client = new ClientConnection(req, res);
      const response = await handler(new ExpressRequest(req, res, client, config));
      if (response) await writeResponse(res, response);
    } catch (error) {
      // The handler answers every failure; what comes here is a broken request or response object.
      fail(res, error, config);
    } finally {
      client?.dispose();
    }
  };
}

async function writeResponse(res: GatewayResponse, response: HandlerResponse): Promise<void> {
  const { status, headers, body } = response;
  if (res.headersSent || res.writableEnded || res.destroyed) {
    if (isStream(body)) body.destroy();
    return;
  }
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (!isStream(body)) {
    // As bytes: node writes a text together with the head, whose latin1 would become UTF-8.
    res.end(typeof body === 'string' ? Buffer.from(body) : body);
    return;
  }
  // A stream that fails under way ends the connection: the client sees that the answer is cut.
  await new Promise<void>((resolve) => pipeline(body, res, () => resolve()));
}

function isStream(body: HandlerResponse['body']): body is Readable {
  return typeof body === 'object' && !Buffer.isBuffer(body);
}

/** The last net (RELIABILITY G1): whatever is broken here, the controller does not reject. */
function fail(res: GatewayResponse, error: unknown, { logger }: AnyGatewayConfig): void {
  const isAnswered = succeeds(() => answerInternalError(res));
  if (!isAnswered) succeeds(() => res.socket?.destroy());
  succeeds(() => logger?.error({ err: error }, 'The answer could not be written'));
}

function succeeds(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

function answerInternalError(res: GatewayResponse): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.statusCode = 500;
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end('{"status":500,"code":"GATEWAY_REQUEST_ERROR","message":"Internal error"}');
}
