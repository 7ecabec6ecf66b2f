import { STATUS_CODES } from 'node:http';
import type { Call } from '../../../call/call';
import { toCallFailure } from '../../../call/failure';
import { GatewayCallError } from '../../../errors/gateway-error';
import { messageIn } from '../../../errors/messages';
import { isServiceError } from '../service-error';
import type { ReflectionError } from './reflection-error';

/** A failed lookup as the one error of the gateway. Only `debug` has the server's address (RELIABILITY X3). */
export function toGatewayCallError(
  error: ReflectionError,
  languages: readonly string[] = [],
): GatewayCallError {
  const { status, symbol, reason, fault, cause } = error;
  const message = `${messageIn(languages, 'reflectionFailed')}: ${symbol.protoKey}`;
  return new GatewayCallError(
    {
      status,
      code: 'GRPC_REFLECTION_FAILED',
      message,
      details: {
        title: `${status} ${STATUS_CODES[status]}`,
        description: message,
        ...(isServiceError(cause) && { grpcCode: Number(cause.code) }),
      },
      debug: { endpoint: symbol.address, symbol: symbol.protoKey, fault, reason },
    },
    { cause: error },
  );
}

export function toReflectionFailure(error: ReflectionError, call: Call): GatewayCallError {
  return toCallFailure(call, toGatewayCallError(error, call.languages));
}
