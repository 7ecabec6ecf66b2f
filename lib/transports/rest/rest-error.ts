import { STATUS_CODES } from 'node:http';
import { isAxiosError, isCancel } from 'axios';
import type { AxiosError, AxiosResponse } from 'axios';
import { CallAborted } from '../../call/abort';
import type { Call } from '../../call/call';
import {
  CANCELLED,
  CLOSED,
  TIMED_OUT,
  TIMEOUT_CODES,
  toAbortFailure,
} from '../../call/abort-failure';
import { createFailure, toCallFailure, toHookFailure } from '../../call/failure';
import type { Failure } from '../../call/failure';
import { cutText } from '../../errors/cut-text';
import {
  DEFAULT_ERROR_CODE,
  GatewayCallError,
  isErrorStatus,
  membersOf,
} from '../../errors/gateway-error';
import type { GatewayErrorDetails } from '../../errors/gateway-error';
import { messageIn } from '../../errors/messages';
import { ConnectionsClosed } from './keep-alive-agent';
import { INVALID_RESPONSE } from './parse-response';
import { RESPONSE_TOO_LARGE } from './read-body';
import { UpstreamOverloaded } from './upstream-slots';

const MAX_TEXT_BYTES = 8 * 1024;
const UNEXPECTED_REDIRECT = 'UNEXPECTED_REDIRECT';
const REDIRECT_CODES = new Set(['ERR_FR_TOO_MANY_REDIRECTS', 'ERR_FR_REDIRECTION_FAILURE']);

/** The failure that a client error means to the caller. */
export function toRestFailure(error: unknown, call: Call): GatewayCallError {
  if (error instanceof GatewayCallError) return toCallFailure(call, error);
  // axios wraps what a serializer throws.
  const { syscall, cause } = membersOf(error);
  if (cause instanceof GatewayCallError) return toCallFailure(call, cause);
  if (error instanceof CallAborted) return createFailure(call, toAbortFailure(error));
  if (error instanceof UpstreamOverloaded) {
    return createFailure(call, {
      status: 503,
      code: 'OVERLOADED',
      text: 'overloaded',
      cause: error,
    });
  }
  if (error instanceof ConnectionsClosed || cause instanceof ConnectionsClosed) {
    return createFailure(call, { ...CLOSED, cause: error });
  }
  if (isCancel(error)) return createFailure(call, { ...CANCELLED, cause: error });
  // What an interceptor or an adapter of the user throws is a failing hook.
  if (!isAxiosError(error) && typeof syscall !== 'string') {
    return toCallFailure(call, toHookFailure('The request', error));
  }
  const failed = error as AxiosError;
  const { response } = failed;
  if (response && isErrorStatus(response.status)) return readUpstreamError(response, failed, call);
  return createFailure(call, { ...withoutAnswer(failed), cause: error });
}

/** No usable answer: too slow is 504, all else 502, with axios's code (RELIABILITY U1 to U6). */
function withoutAnswer({ code, response }: AxiosError): Failure {
  if (code !== undefined && TIMEOUT_CODES.has(code)) return { ...TIMED_OUT, code };
  const status = response?.status ?? 0;
  const isRedirect = status >= 300 && status < 400 && status !== 304;
  if (isRedirect || (code !== undefined && REDIRECT_CODES.has(code))) {
    return { status: 502, code: UNEXPECTED_REDIRECT, text: 'unexpectedRedirect' };
  }
  if (code === INVALID_RESPONSE) return { status: 502, code, text: 'invalidResponse' };
  if (response && (status < 200 || status >= 300)) {
    return { status: 502, code: INVALID_RESPONSE, text: 'invalidResponse' };
  }
  // A good answer that the user's `validateStatus` refuses.
  if (code === 'ERR_BAD_REQUEST' && response) {
    return { status: 502, code: INVALID_RESPONSE, text: 'invalidResponse' };
  }
  // axios itself refuses to make the request of such args, a query of 100 levels for one.
  if (code === 'ERR_BAD_REQUEST' || code === 'ERR_FORM_DATA_DEPTH_EXCEEDED') {
    return { status: 400, code: 'INVALID_PARAMS', text: 'invalidParams' };
  }
  if (code === RESPONSE_TOO_LARGE) return { status: 502, code, text: 'responseTooLarge' };
  return { status: 502, code: code ?? DEFAULT_ERROR_CODE, text: 'unreachable' };
}

function text(...candidates: unknown[]): string | undefined {
  const found = candidates.find((value) => typeof value === 'string' && value !== '');
  return found === undefined ? undefined : cutText(found as string, MAX_TEXT_BYTES);
}

/** `detail` of a body: its `Description`, its `Body`, or itself. */
function readDetail(detail: unknown): string | undefined {
  const { Description, Body } = membersOf(detail);
  return text(Description, Body, detail);
}

function toCode(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : text(value);
}

/** The upstream's own error: its status, and from a JSON body code, message, details and debug. */
function readUpstreamError(
  response: AxiosResponse,
  cause: AxiosError,
  call: Call,
): GatewayCallError {
  const body = membersOf(response.data);
  const first = Array.isArray(body['details']) ? membersOf(body['details'][0]) : {};
  const found = text(body['message'], first['message']) ?? readDetail(body['detail']);
  const message = found ?? `Request failed with status code ${response.status}`;
  const error = {
    status: response.status,
    code: toCode(body['code']) ?? DEFAULT_ERROR_CODE,
    message,
    details: readDetails(response, message, call),
    requestId: call.requestId,
    ...(body['debug'] !== undefined && { debug: body['debug'] }),
  };
  return new GatewayCallError(error, { cause, debugHeaders: call.trace.debugHeaders });
}

function readDetails(response: AxiosResponse, message: string, call: Call): GatewayErrorDetails {
  const { status } = response;
  const body = membersOf(response.data);
  const { details: given } = body;
  const first = Array.isArray(given) ? membersOf(given[0]) : {};
  const type = text(first['type'], body['type']);
  const title =
    status === 403
      ? messageIn(call.languages, 'accessDenied')
      : (text(first['type']) ??
        toCode(first['code']) ??
        text(body['type']) ??
        toCode(body['code']));
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  return {
    ...(type !== undefined && { type }),
    title: title ?? `${status} ${response.statusText || (STATUS_CODES[status] ?? '')}`.trim(),
    description: message,
    ...(isObject && given),
    ...(!isObject && given !== undefined && given !== null && { details: given }),
  };
}
