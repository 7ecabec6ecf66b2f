import { Stream } from 'node:stream';
import type { Action } from '../call/action';
import type { CallInput, CreateCall } from '../call/create-call';
import { discard } from '../call/call';
import type { Call, CallResult } from '../call/call';
import { runHook } from '../call/failure';
import { createLogFailure } from '../call/log-failure';
import { createStreamRefusal, isMessageStream } from '../call/message-stream';
import { withProxied } from '../call/proxied';
import { GatewayCallError } from '../errors/gateway-error';
import { messageIn } from '../errors/messages';
import { createReadLanguages } from '../headers/accept-language';
import { boundDebugHeaders } from '../headers/debug-headers';
import type { ResolvedConfig } from '../config/resolve-config';
import { lookupAction } from './action-lookup';
import type { ActionFinder, Lookup } from './action-lookup';
import type { HandlerRequest, HandlerResponse } from './handler-message';
import { readArgs } from './read-args';
import { readProxyArgs } from './read-proxy-args';
import { createMiddlewares } from './run-middlewares';
import { toErrorResponse, toResponse } from './to-response';
import { whenBegun } from './when-begun';

/** Answers a request; undefined when a hook has answered in the gateway's place. */
export type Handler = (request: HandlerRequest) => Promise<HandlerResponse | undefined>;

export interface HandlerParts {
  readonly config: ResolvedConfig;
  readonly table: ActionFinder;
  /** The actions that the controller may call. */
  readonly connected: ReadonlySet<Action>;
  readonly createCall: CreateCall;
}

/** What an HTTP request means: lookup, hooks, call, status and body. It never rejects. */
export function createHandler(parts: HandlerParts): Handler {
  const { config, table, connected, createCall } = parts;
  const readLanguages = createReadLanguages(config.defaultLang);
  const languagesOf = ({ headers }: HandlerRequest) => readLanguages(headers);
  const acceptsBytes = config.passThrough && config.onRequestSuccess === undefined;
  const logFailure = createLogFailure(config);
  const around = createMiddlewares({ config, logFailure, languagesOf });

  return async function handle(request) {
    const target = {
      scope: request.scope ?? 'root',
      service: request.service,
      action: request.action,
    };
    const found =
      request.proxied ??
      lookupAction(table, connected, [target.scope, target.service, target.action]);
    if (!found.action) return answerUnknown(request, found);
    const { action } = found;
    const showsDebug = createShowsDebug(request);
    try {
      const { onBeforeAction, middlewares } = request.hooks;
      if (middlewares && !(await run(request, 'A middleware', () => around.run(request)))) {
        return undefined;
      }
      if (onBeforeAction) {
        await run(request, 'onBeforeAction', () => onBeforeAction(target, action.definition));
      }
      if (request.isAnswered() || request.isGone()) return undefined;
      const call = await toCall(action, request);
      const result = await action.call(call);
      const isDebug = showsDebug();
      if (isDebug && (await isDebug)) request.setHeaders(call.trace.debugHeaders());
      return await answer(request, call, result);
    } catch (thrown) {
      return answerFailure(request, GatewayCallError.from(thrown), await showsDebug());
    }
  };

  /** A hook that breaks is answered without its reason, so that goes to the log. */
  async function run<T>(request: HandlerRequest, name: string, hook: () => T | Promise<T>) {
    try {
      return await runHook(name, hook);
    } catch (error) {
      const isBroken = GatewayCallError.from(error).error.status >= 500;
      if (isBroken) logFailure(request.ctx, `${name} failed`, error);
      throw error;
    }
  }

  async function toCall(action: Action, request: HandlerRequest): Promise<Call> {
    const { proxied } = request;
    const languages = languagesOf(request);
    const args = proxied
      ? readProxyArgs(request, proxied, languages)
      : readArgs(request, languages);
    const hook = action.serviceDefinition.getAuthArgs ?? config.getAuthArgs;
    const authArgs =
      hook && (await run(request, 'getAuthArgs', () => request.hooks.getAuthArgs(hook)));
    const { headers, requestId, ctx, userId, client } = request;
    const input: CallInput = {
      args,
      headers,
      client,
      acceptsBytes,
      ...(requestId !== undefined && { requestId }),
      ...(ctx && { ctx }),
      ...(userId !== undefined && { userId }),
      ...(authArgs !== undefined && { authArgs }),
    };
    return createCall(action, 'http', proxied ? withProxied(input, proxied.request) : input);
  }

  async function answerUnknown(request: HandlerRequest, { missing }: Lookup) {
    const isService = missing === 'service';
    const { service, action, hooks } = request;
    const { onUnknownAction } = hooks;
    try {
      if (onUnknownAction) {
        const named = isService ? { service } : { service, action };
        await run(request, 'onUnknownAction', () => onUnknownAction(named));
        return undefined;
      }
    } catch (thrown) {
      return answerByDefault(request, GatewayCallError.from(thrown), false);
    }
    const message = messageIn(languagesOf(request), isService ? 'unknownService' : 'unknownAction');
    const code = isService ? 'UNKNOWN_SERVICE' : 'UNKNOWN_SERVICE_ACTION';
    return toErrorResponse({ status: 404, code, message }, false);
  }

  async function answer(request: HandlerRequest, call: Call, result: CallResult) {
    const { onRequestSuccess } = request.hooks;
    if (result.responseHeaders) request.setHeaders(result.responseHeaders);
    const { responseData } = result;
    try {
      if (!onRequestSuccess && isMessageStream(responseData)) throw createStreamRefusal(call);
      if (!onRequestSuccess) {
        await whenBegun(request, call, result);
        return toResponse(result);
      }
      await run(request, 'onRequestSuccess', () => onRequestSuccess(responseData));
      // What the hook has not read of a stream by the end of the answer, nobody will (R5).
      if (responseData instanceof Stream) request.onceClosed(() => discard(responseData));
      return undefined;
    } catch (error) {
      discard(responseData);
      throw error;
    }
  }

  async function answerFailure(
    request: HandlerRequest,
    failure: GatewayCallError,
    showDebug: boolean,
  ) {
    if (showDebug) {
      const { debugHeaderBytes } = config.limits;
      request.setHeaders(boundDebugHeaders(failure.debugHeaders, debugHeaderBytes));
    }
    request.setHeaders(failure.responseHeaders);
    const { onRequestFailed, errorMiddlewares } = request.hooks;
    const left = errorMiddlewares ? await around.runError(request, failure) : failure;
    if (!left) return undefined;
    if (!onRequestFailed || request.isAnswered()) return answerByDefault(request, left, showDebug);
    try {
      await run(request, 'onRequestFailed', () => onRequestFailed(left.error));
      return undefined;
    } catch (thrown) {
      return answerByDefault(request, GatewayCallError.from(thrown), showDebug);
    }
  }

  /** An answer that a hook began and then failed cannot be mended: the connection ends (K4). */
  function answerByDefault(request: HandlerRequest, failure: GatewayCallError, showDebug: boolean) {
    if (!request.isAnswered()) return toErrorResponse(failure.error, showDebug);
    request.destroy();
    return undefined;
  }

  /** Asks `withDebugHeaders` once. It only observes: failing it is logged, and shows nothing (K3). */
  function createShowsDebug(request: HandlerRequest): () => Promise<boolean> | boolean {
    const { withDebugHeaders } = request.hooks;
    if (!withDebugHeaders) return () => false;
    let shown: Promise<boolean> | undefined;
    const ask = async () => {
      try {
        return (await withDebugHeaders()) === true;
      } catch (error) {
        logFailure(request.ctx, 'withDebugHeaders failed', error);
        return false;
      }
    };
    return () => (shown ??= ask());
  }
}
