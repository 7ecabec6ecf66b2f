import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { GatewayResponse } from '../../config/hook-types';
import type { HandlerResponse } from '../../handler/handler-message';

const EMPTY = Buffer.alloc(0);

/** Writes what the handler answers; a stream as fast as the client reads it. */
export async function writeResponse(
  res: GatewayResponse,
  response: HandlerResponse,
): Promise<void> {
  const { status, headers, body, trailers } = response;
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
  if (trailers) {
    // Before the listener of the pipeline, which ends the answer.
    body.once('end', () => res.addTrailers(trailers() ?? {}));
    // The head does not wait for the body. `flushHeaders` would write it as UTF-8 in place of latin1.
    res.write(EMPTY);
  }
  // A stream that fails under way ends the connection: the client sees that the answer is cut.
  await new Promise<void>((resolve) => pipeline(body, res, () => resolve()));
}

function isStream(body: HandlerResponse['body']): body is Readable {
  return typeof body === 'object' && !Buffer.isBuffer(body);
}

/** The last net (RELIABILITY G1): whatever is broken here, the controller does not reject. */
export function answerBroken(
  res: GatewayResponse,
  error: unknown,
  { logger }: AnyGatewayConfig,
): void {
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
