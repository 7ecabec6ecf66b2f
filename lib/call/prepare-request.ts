import type { HeaderRecord } from '../headers/header-record';
import type { ActionEndpoint, ParamsOutput } from '../schema/definitions';
import type { Call } from './call';
import { createFailure, runHook, toHookFailure } from './failure';
import { mergeParamsHeaders, prepareHeaders } from './prepare-headers';
import { findEndpoint } from './request-plan';
import type { RequestPlan } from './request-plan';
import type { TransportRequest } from './transport';

/** Step 4: endpoint, merged headers, auth, `params`, timeout, in this order. Nothing is sent yet. */
export async function prepareRequest(plan: RequestPlan, call: Call): Promise<TransportRequest> {
  const endpoint = await chooseEndpoint(plan, call);
  const prepared = await prepareHeaders(plan, call, endpoint);
  const params = await readParams(prepared.headers, plan, call);
  return {
    call,
    endpoint,
    headers: mergeParamsHeaders(prepared, plan, { call, params }),
    authNames: prepared.authNames,
    params,
    timeoutMs: call.timeout ?? plan.source.definition.timeout ?? plan.compiled.timeoutMs(endpoint),
  };
}

async function chooseEndpoint(plan: RequestPlan, call: Call): Promise<ActionEndpoint> {
  const wanted = plan.source.definition.endpoint;
  const endpoint =
    typeof wanted === 'function'
      ? await runHook('endpoint', () => wanted({ ...plan.endpoints }, call.args))
      : findEndpoint(plan.endpoints, wanted === undefined ? plan.endpointNames : [wanted]);
  const path = typeof endpoint === 'string' ? endpoint : endpoint?.path;
  if (endpoint !== undefined && typeof path === 'string' && path !== '') return endpoint;
  throw createFailure(call, {
    status: 400,
    code: 'ENDPOINT_NOT_FOUND',
    text: 'endpointNotFound',
    details: { description: plan.missingEndpoint },
  });
}

async function readParams(
  headers: HeaderRecord,
  plan: RequestPlan,
  call: Call,
): Promise<ParamsOutput> {
  const { params } = plan.source.definition;
  if (!params) return plan.kind === 'grpc' ? { body: call.args } : {};
  const shown = plan.kind === 'rest' ? { ...headers } : call.headers;
  const given = await runHook('params', () =>
    params(call.args, shown, { ctx: call.ctx, state: call.state }),
  );
  if (!given) return {};
  if (typeof given === 'object') return given;
  throw toHookFailure('params', new TypeError('params did not return an object'));
}
