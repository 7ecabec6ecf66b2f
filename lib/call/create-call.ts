import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ResolvedConfig } from '../config/resolve-config';
import { createContext } from '../context';
import type { GatewayContext } from '../context';
import { createReadLanguages } from '../headers/accept-language';
import { VERSION } from '../version';
import type { Action } from './action';
import type { Call, CallOrigin } from './call';
import { CallTrace } from './call-trace';

/** What a caller may say of a call; everything may be left out. */
export type CallInput = Partial<
  Pick<
    Call,
    | 'args'
    | 'headers'
    | 'requestId'
    | 'ctx'
    | 'authArgs'
    | 'userId'
    | 'timeout'
    | 'retries'
    | 'callback'
    | 'client'
    | 'signal'
    | 'acceptsBytes'
    | 'state'
    | 'upstreamHeaders'
  >
>;

/** Completes a call: a request id, a silent context and empty headers where none are given. */
export type CreateCall = (action: Action, origin: CallOrigin, input: CallInput) => Call;

export function createCallFactory(config: ResolvedConfig): CreateCall {
  const silent: GatewayContext = createContext(config.logger);
  const readLanguages = createReadLanguages(config.defaultLang);

  return function createCall(action, origin, input) {
    const requestId = input.requestId ?? randomUUID();
    const headers: IncomingHttpHeaders = input.headers ?? {};
    const ctx = input.ctx ?? silent;
    const languages = readLanguages(headers);
    const about = {
      requestId,
      version: VERSION,
      lang: languages[0] ?? config.defaultLang,
      action: (action.definition as { action?: string }).action ?? action.name,
    };
    return {
      ...input,
      action,
      origin,
      requestId,
      headers,
      languages,
      args: input.args ?? {},
      ctx,
      trace: new CallTrace(about, config.limits.debugHeaderBytes, ctx),
      state: input.state ?? {},
    };
  };
}
