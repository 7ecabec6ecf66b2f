import type { CallResult } from '../call/call';
import { isReadable, JsonBytes } from '../call/call';
import { ProxiedAnswer } from '../call/proxied';
import { toErrorBody } from '../errors/error-body';
import type { GatewayError } from '../errors/gateway-error';
import { isJsonType, mediaTypeOf } from '../headers/media-type';
import type { HandlerResponse } from './handler-message';

const JSON_TYPE = 'application/json; charset=utf-8';
const BYTES_TYPE = 'application/octet-stream';

/** The upstream's own type goes out only with `nosniff`, so that nothing is taken for a page. */
function untouched(contentType: string) {
  return { 'content-type': contentType, 'x-content-type-options': 'nosniff' };
}

/** Text goes out as UTF-8, whatever it came in. */
function inUtf8(contentType: string): string {
  return contentType.replace(/(;\s*charset\s*=\s*)(?!"?utf-?8\b)("[^"]*"|[^\s;]+)/i, '$1utf-8');
}

/**
 * The answer to a call that succeeded: JSON, except bytes, streams and text of a text upstream, which
 * keep the upstream's type (RELIABILITY U7). Nothing to say is an empty 200.
 */
export function toResponse({ responseData: data, contentType }: CallResult): HandlerResponse {
  if (data === undefined || data === null) return { status: 200, headers: {}, body: undefined };
  if (data instanceof JsonBytes) return json(data.bytes);
  if (data instanceof ProxiedAnswer) {
    const { status, bodyHeaders } = data.head;
    return { status, headers: bodyHeaders, body: data, trailers: () => data.trailers };
  }
  if (Buffer.isBuffer(data) || isReadable(data)) {
    return { status: 200, headers: untouched(contentType ?? BYTES_TYPE), body: data };
  }
  const isUpstreamText =
    typeof data === 'string' && contentType !== undefined && !isJsonType(mediaTypeOf(contentType));
  if (isUpstreamText) return { status: 200, headers: untouched(inUtf8(contentType)), body: data };
  return json(JSON.stringify(data));
}

function json(body: string | Buffer | undefined): HandlerResponse {
  return { status: 200, headers: { 'content-type': JSON_TYPE }, body };
}

export function toErrorResponse(error: GatewayError, showDebug: boolean): HandlerResponse {
  const body = toErrorBody(error, showDebug);
  return { status: error.status, headers: { 'content-type': JSON_TYPE }, body };
}
