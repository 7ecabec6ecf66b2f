import type { Metadata } from '@grpc/grpc-js';
import { CallAborted } from '../../call/abort';
import type { Call } from '../../call/call';
import { createFailure, toCallFailure } from '../../call/failure';
import {
  GRPC_CANCELLED,
  GRPC_DEADLINE_EXCEEDED,
  httpStatusOfGrpc,
  nameOfGrpcCode,
} from '../../errors/codes';
import { DEFAULT_ERROR_CODE, GatewayCallError } from '../../errors/gateway-error';
import { messageIn } from '../../errors/messages';
import { decodeAny } from './any-message';
import type { Codec } from './codec/codec';
import { findTypeByUrl } from './codec/find-by-name';
import { toReflectionFailure } from './reflection/reflection-failure';
import { ReflectionError } from './reflection/reflection-error';
import { isServiceError } from './service-error';
import type { Root } from 'protobufjs';

const MAX_MESSAGE = 8 * 1024;
/** What grpc-js says of its own connections names inner hosts and ports (RELIABILITY X3). */
const INNER =
  /ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|No connection established|Name resolution failed|Failed to (?:connect|parse)|Deadline exceeded after|remote_addr=|\b\d{1,3}(\.\d{1,3}){3}:\d+/;

/** What reads the status details of a failed call. */
interface DetailTypes {
  readonly root: Root;
  readonly codec: Codec;
}

/** Decodes `grpc-status-details-bin`; undefined unless it decodes and agrees with the status (R1). */
export function readStatusDetails(
  metadata: Metadata | undefined,
  code: number,
  { root, codec }: DetailTypes,
): { message: string; details: unknown[] } | undefined {
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  const type = findTypeByUrl(root, '/google.rpc.Status');
  if (!Buffer.isBuffer(bytes) || !type) return undefined;
  try {
    const status = codec.decode(type, bytes) as {
      code?: number;
      message?: string;
      details?: unknown[];
    };
    if ((status.code ?? 0) !== code) return undefined;
    const details = (status.details ?? []).map((detail) => decodeAny(detail, codec));
    return { message: status.message ?? '', details };
  } catch {
    return undefined;
  }
}

/** The gRPC status that a failure has, or was caused by. */
export function hasGrpcCode(error: unknown, code: number): boolean {
  const found = error instanceof ReflectionError ? error.cause : error;
  return isServiceError(found) && Number(found.code) === code;
}

/** The server's, grpc-js's, or the gateway's own over all attempts. */
export function isDeadline(error: unknown): boolean {
  if (error instanceof CallAborted) return error.kind === 'timeout';
  return hasGrpcCode(error, GRPC_DEADLINE_EXCEEDED);
}

/** The failure that a gRPC status, or the early end of the call, means to the caller. */
export function toGrpcFailure(error: unknown, call: Call, types?: DetailTypes): GatewayCallError {
  if (error instanceof CallAborted) return abortFailure(error, call);
  if (error instanceof ReflectionError) return toReflectionFailure(error, call);
  if (!isServiceError(error)) return toCallFailure(call, error);
  const { code, metadata } = error;
  const status = types && readStatusDetails(metadata, code, types);
  const given = (status?.message || error.details).slice(0, MAX_MESSAGE);
  const message = given === '' || INNER.test(given) ? textOf(code, call) : given;
  return new GatewayCallError(
    {
      status: httpStatusOfGrpc(code),
      code: DEFAULT_ERROR_CODE,
      message,
      details: {
        title: nameOfGrpcCode(code),
        description: message,
        grpcCode: code,
        ...(status && { details: status.details }),
      },
      requestId: call.requestId,
    },
    { cause: error, debugHeaders: call.trace.debugHeaders },
  );
}

function textOf(code: number, call: Call): string {
  if (code === GRPC_DEADLINE_EXCEEDED) return messageIn(call.languages, 'timeout');
  return messageIn(call.languages, code === 14 ? 'unreachable' : 'requestFailed');
}

function abortFailure(error: CallAborted, call: Call): GatewayCallError {
  const isTimeout = error.kind === 'timeout';
  const grpcCode = isTimeout ? GRPC_DEADLINE_EXCEEDED : GRPC_CANCELLED;
  return createFailure(call, {
    status: httpStatusOfGrpc(grpcCode),
    code: isTimeout ? DEFAULT_ERROR_CODE : 'REQUEST_WAS_CANCELLED',
    text: isTimeout ? 'timeout' : 'cancelled',
    details: { title: nameOfGrpcCode(grpcCode), grpcCode },
    cause: error,
  });
}
