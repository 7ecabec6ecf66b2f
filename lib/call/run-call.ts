import type { ResolvedConfig } from '../config/resolve-config';
import { CallAbort, CallAborted, clientSignalOf } from './abort';
import { discard } from './call';
import type { Call, CallResult } from './call';
import type { CallHandler } from './action';
import { toCallFailure } from './failure';
import { finishCall, readProxyDebugHeaders } from './finish-call';
import { prepareRequest } from './prepare-request';
import type { RequestPlan } from './request-plan';
import { sendWithRetries } from './retry';
import type { Tries } from './retry';
import type { RetryBudget } from './retry-budget';
import type { TransportRequest } from './transport';
import { whenEnded } from './when-ended';

/** The innermost handler of a REST or gRPC action: prepare, send, finish. */
export function createRunCall(
  plan: RequestPlan,
  config: ResolvedConfig,
  budget: RetryBudget,
): CallHandler {
  const { compiled } = plan;
  const { abortOnClientDisconnect: own } = plan.source.definition;
  const endsWithClient = own ?? config.abortOnClientDisconnect;

  async function exchange(call: Call, abort: CallAbort): Promise<CallResult> {
    abort.throwIfAborted();
    const { request, send } = await abort.race(prepare(call, abort));
    const tries = readTries(request, plan, config, budget);
    const response = await sendWithRetries(send, compiled, request, tries, abort).catch(
      async (error: unknown) => {
        throw await compiled.toCallError(error, call);
      },
    );
    // From here on a stream is bounded by its own idle time.
    abort.stopDeadline();
    try {
      const result = finishCall(plan, call, response);
      return result instanceof Promise ? await abort.race(result) : result;
    } catch (error) {
      discard(response.data);
      throw error;
    }
  }

  async function prepare(call: Call, abort: CallAbort) {
    const request = await prepareRequest(plan, call);
    abort.throwIfAborted();
    return { request, send: await compiled.open(request) };
  }

  return async function runCall(call) {
    const abort = new CallAbort(call.signal, clientSignalOf(call, endsWithClient));
    try {
      const result = await exchange(call, abort);
      whenEnded(result, () => abort.dispose());
      return result;
    } catch (error) {
      abort.dispose();
      const isAbort = error instanceof CallAborted;
      throw toCallFailure(call, isAbort ? await compiled.toCallError(error, call) : error);
    } finally {
      if (config.proxyDebugHeaders) {
        await readProxyDebugHeaders(plan, call, config.proxyDebugHeaders);
      }
    }
  };
}

/** REST: the timeout covers all attempts. gRPC: each has it anew, the total bounds them together. */
function readTries(
  { call, timeoutMs }: TransportRequest,
  { kind, source }: RequestPlan,
  config: ResolvedConfig,
  budget: RetryBudget,
): Tries {
  const retries = call.retries ?? source.definition.retries ?? 0;
  const totalTimeoutMs = source.definition.totalTimeout ?? config.totalTimeout;
  const natural = kind === 'rest' ? timeoutMs : timeoutMs * (retries + 1);
  const bound =
    kind === 'rest' ? Math.min(natural || Infinity, totalTimeoutMs ?? Infinity) : totalTimeoutMs;
  const total = bound ?? natural;
  return {
    retries,
    attemptTimeoutMs: timeoutMs,
    totalTimeoutMs: Number.isFinite(total) ? total : 0,
    budget,
  };
}
