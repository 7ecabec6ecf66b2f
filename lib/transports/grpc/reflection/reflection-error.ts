import { httpStatusOfGrpc } from '../../../errors/codes';
import { isServiceError } from '../service-error';

export type ReflectionFault =
  /** The server answers neither version of the protocol. */
  | 'notOffered'
  /** The server does not know the symbol, or a file that others import. */
  | 'notFound'
  /** The answer ended early, does not decode, or its descriptors do not fit together. */
  | 'invalid'
  | 'timeout'
  /** The call for it failed; the cause is grpc-js's error. */
  | 'failed';

const STATUS_OF: Readonly<Record<ReflectionFault, number>> = {
  notOffered: 501,
  notFound: 502,
  invalid: 502,
  timeout: 504,
  failed: 502,
};

/** What a server was asked to describe. */
export interface ReflectedSymbol {
  readonly address: string;
  /** Full name of the service. */
  readonly protoKey: string;
}

/** Why a server's description of a service could not be had. Its message names server and service. */
export class ReflectionError extends Error {
  override readonly name = 'ReflectionError';

  constructor(
    readonly fault: ReflectionFault,
    readonly symbol: ReflectedSymbol,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`Reflection of ${symbol.protoKey} on ${symbol.address}: ${reason}`, { cause });
  }

  /** What the failure is told as over HTTP; a failed call's is that of its gRPC code. */
  get status(): number {
    const { cause } = this;
    return isServiceError(cause) && this.fault === 'failed'
      ? httpStatusOfGrpc(cause.code)
      : STATUS_OF[this.fault];
  }
}
