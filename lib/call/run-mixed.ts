import type { ResolvedConfig } from '../config/resolve-config';
import type { HeadersInput } from '../headers/header-record';
import type {
  ApiServiceMixedExtra,
  Dict,
  GrpcContext,
  MixedDefinition,
} from '../schema/definitions';
import { readMixedOptions } from '../schema/define';
import type { ActionSource } from '../schema/walk';
import { membersOf } from '../errors/gateway-error';
import { CallAbort, CallAborted, clientSignalOf } from './abort';
import { toAbortFailure } from './abort-failure';
import type { CallHandler } from './action';
import { isReadable } from './call';
import type { Call } from './call';
import { createFailure, toCallFailure } from './failure';
import { whenEnded, whenGivenUp } from './when-ended';

/** What functions are given beside their request. */
export interface MixedSurroundings {
  readonly config: ResolvedConfig;
  /** The api bound to a call; late, because the api is built from the actions. */
  readonly getContextApi: (call: Call, signal: AbortSignal) => unknown;
  readonly getGrpcContext: () => GrpcContext;
  readonly sendStats: (call: Call, stats: Dict, headers?: HeadersInput) => void;
}

/** The innermost handler of a mixed action: runs the user's function in place of steps 4 to 6. */
export function createRunMixed(
  { definition }: ActionSource<MixedDefinition>,
  surroundings: MixedSurroundings,
): CallHandler {
  const { timeout, abortOnClientDisconnect: own } = readMixedOptions(definition);
  const endsWithClient = own ?? surroundings.config.abortOnClientDisconnect;

  return async function runMixed(call) {
    const abort = new CallAbort(call.signal, clientSignalOf(call, endsWithClient));
    abort.startDeadline(call.timeout ?? timeout ?? 0);
    try {
      abort.throwIfAborted();
      const api = surroundings.getContextApi(call, abort.signal);
      const extra = createExtra(call, abort.signal, surroundings);
      const running = (async () => (await definition(api, call.args, extra)) as unknown)();
      const responseData = await abort.race(running);
      abort.stopDeadline();
      const result = { responseData };
      // Who gives up the stream that was made of inner calls no longer wants these either.
      if (isReadable(responseData)) whenGivenUp(responseData, abort.cancel);
      whenEnded(result, (error) => {
        if (error !== undefined) abort.cancel();
        abort.dispose();
      });
      return result;
    } catch (thrown) {
      abort.dispose();
      if (thrown instanceof CallAborted) throw createFailure(call, toAbortFailure(thrown));
      const { error } = membersOf(thrown);
      // The failure of an inner call, or one made by the user, is the failure of this call.
      if (typeof error === 'object' && error !== null) throw thrown;
      throw toCallFailure(call, thrown);
    }
  };
}

function createExtra(
  call: Call,
  abortSignal: AbortSignal,
  { config, getGrpcContext, sendStats }: MixedSurroundings,
): ApiServiceMixedExtra {
  return {
    headers: call.headers,
    requestId: call.requestId,
    lang: call.languages[0] ?? config.defaultLang,
    ctx: call.ctx,
    config,
    authArgs: call.authArgs,
    ...(call.userId !== undefined && { userId: call.userId }),
    abortSignal,
    get grpcContext() {
      return getGrpcContext();
    },
    sendStats: (stats, headers) => sendStats(call, stats, headers),
  };
}
