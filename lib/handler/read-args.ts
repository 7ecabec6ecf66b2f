import { GatewayCallError } from '../errors/gateway-error';
import { messageIn } from '../errors/messages';
import type { MessageKey } from '../errors/messages';
import type { HandlerRequest } from './handler-message';

function refuse(code: string, text: MessageKey, languages: readonly string[]): GatewayCallError {
  return new GatewayCallError({ status: 400, code, message: messageIn(languages, text) });
}

/** The args of a call: the query of GET, else the body, which must be an object (RELIABILITY I5). */
export function readArgs(request: HandlerRequest, languages: readonly string[]): object {
  const isGet = request.method === 'GET';
  const given = isGet ? request.query : request.body;
  if (given === undefined && !isGet && request.hasUnparsedBody) {
    throw refuse('BODY_NOT_PARSED', 'bodyNotParsed', languages);
  }
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw refuse('INVALID_BODY', 'invalidBody', languages);
  }
  return given;
}
