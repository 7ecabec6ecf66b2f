import type { ResolvedConfig } from '../config/resolve-config';
import { readHeader } from '../headers/header-record';
import type { HeadersInput } from '../headers/header-record';
import { readProxiedResponseHeaders } from '../headers/proxy-response-headers';
import type { ApiServiceBaseActionConfig } from '../schema/definitions';
import { isReadable } from './call';
import type { Call, CallResult } from './call';
import { runHook } from './failure';
import { isMessageStream } from './message-stream';
import type { RequestPlan } from './request-plan';
import type { TransportResponse } from './transport';

/** Step 6: response transform and proxied response headers make the CallResult, at once where there are none. */
export function finishCall(
  plan: RequestPlan,
  call: Call,
  response: TransportResponse,
): CallResult | Promise<CallResult> {
  const { transformResponseData, proxyResponseHeaders } = plan.source.definition;
  if (transformResponseData || proxyResponseHeaders) return runHooks(plan, call, response);
  const { data: responseData, contentType } = response;
  return contentType === undefined ? { responseData } : { responseData, contentType };
}

async function runHooks(
  plan: RequestPlan,
  call: Call,
  response: TransportResponse,
): Promise<CallResult> {
  const { definition } = plan.source;
  const responseData = isMessageStream(response.data)
    ? response.data
    : await transformData(definition, call, response.data);
  const responseHeaders = await runHook('proxyResponseHeaders', () => {
    return readProxiedResponseHeaders(definition.proxyResponseHeaders, response.headers, plan.kind);
  });
  const isUntouched =
    definition.transformResponseData === undefined ||
    Buffer.isBuffer(responseData) ||
    isReadable(responseData);
  return {
    responseData,
    ...(responseHeaders && { responseHeaders }),
    ...(isUntouched && response.contentType !== undefined && { contentType: response.contentType }),
  };
}

async function transformData(
  definition: ApiServiceBaseActionConfig,
  call: Call,
  data: unknown,
): Promise<unknown> {
  const { transformResponseData } = definition;
  if (!transformResponseData) return data;
  const options = { args: call.args, ctx: call.ctx, headers: call.headers };
  return runHook('transformResponseData', () => transformResponseData(data, options) as unknown);
}

/** Fills in what `proxyDebugHeaders` adds; a hook that fails is logged and changes nothing. */
export async function readProxyDebugHeaders(
  plan: RequestPlan,
  call: Call,
  wanted: NonNullable<ResolvedConfig['proxyDebugHeaders']>,
): Promise<void> {
  const sent: HeadersInput =
    plan.kind === 'rest' ? (call.trace.request?.headers ?? {}) : call.headers;
  try {
    if (typeof wanted !== 'function') {
      call.trace.proxiedDebugHeaders = Object.fromEntries(
        wanted.map((name) => [`x-gateway-${name}`, readHeader(sent, name.toLowerCase())]),
      );
      return;
    }
    const made = await wanted({ ...sent } as never, plan.kind, { ...plan.proxyExtra });
    call.trace.proxiedDebugHeaders = made;
  } catch (error) {
    plan.logFailure(call.ctx, 'proxyDebugHeaders failed', error);
  }
}
