import type { FailingInput } from './failing';

const shop = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' } as const;
const get = { method: 'GET', path: ({ kind }: any) => `/${kind}` } as const;
const post = { ...get, method: 'POST', params: (args: object) => ({ body: args }) } as const;

function failHook(): never {
  throw new Error('the hook');
}

const rest = {
  status: get,
  repeated: { ...get, retries: 1 },
  written: post,
  broken: get,
  cut: get,
  slow: { ...get, timeout: 5 },
  redirected: get,
  untyped: { ...get, expectedResponseContentType: 'text/csv' },
  streamed: { ...get, responseType: 'stream', expectedResponseContentType: 'text/csv' },
  refusedPath: { ...get, path: () => '/..' },
  transformed: { ...get, transformResponseData: failHook },
  prepared: { ...get, params: failHook },
  denied: { ...get, getAuthHeaders: failHook },
  illegal: { ...get, params: () => ({ headers: { 'x-a': 'a\nb' } }) },
  checked: { ...get, validationSchema: { required: ['missing'] } },
} as const;

const grpc = {
  status: { ...shop, params: () => ({ body: { itemId: 'status' } }) },
  repeated: { ...shop, retries: 1, params: () => ({ body: { itemId: 'repeated' } }) },
  slow: { ...shop, timeout: 20, params: () => ({ body: { itemId: 'slow' } }) },
  wrong: { ...shop, params: () => ({ body: { itemId: { no: 'text' } } }) },
  unknown: { ...shop, action: 'Echo' },
  streamed: { ...shop, action: 'Watch', type: 'serverStream' },
  prepared: { ...shop, params: failHook },
} as const;

const mixed = {
  rest: (api: any) => api.rest.status({ kind: 'status' }),
  grpc: (api: any) => api.grpc.status({}),
  both: (api: any) => Promise.all([api.rest.broken({ kind: 'broken' }), api.grpc.slow({})]),
  thrown: failHook,
} as const;

const run = { ...get, path: '/' };

/** Services of which every action fails when it is called with its own name as `kind`. */
export function createFailingSchema({ rest: url, grpc: address, faulty, gone }: FailingInput) {
  const over = (path: string) => ({ path, insecure: true });
  return {
    root: {
      rest: { endpoints: url, actions: rest },
      grpc: { endpoints: over(address), actions: grpc },
      faulty: { endpoints: over(faulty), actions: { run: shop } },
      refused: { endpoints: `http://${gone}`, actions: { run } },
      unreachable: { endpoints: over(gone), actions: { run: shop } },
      nowhere: { actions: { run } },
      mixed: { actions: mixed },
    },
  } as const;
}
