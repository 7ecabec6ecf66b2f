import type { ServerResponse } from 'node:http';
import type { GatewayConfig } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { SHOP_GET, WITH_PROTOS } from '../servers/start-grpc-action';
import { grpcError, startGrpcUpstream } from '../servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../servers/start-upstream';

type Page = (api: any, args: any, extra: any) => unknown;

/** Says a text, fails with a status, begins a body or never answers; by the path that is asked for. */
async function startService() {
  const hanging = new Set<ServerResponse>();
  const upstream = await startUpstream(({ url }, response) => {
    const [, kind, value] = url.split('/');
    if (kind === 'say') return sendJson(response, { said: value });
    if (kind === 'fail') return sendJson(response, errorOf(Number(value)), Number(value));
    if (kind === 'begin') response.write('begun');
    hanging.add(response);
    response.once('close', () => hanging.delete(response));
  });
  return Object.assign(upstream, { hanging });
}

export function errorOf(status: number) {
  const details = { hint: `hint ${status}` };
  return { code: `CODE_${status}`, message: `message ${status}`, details };
}

/** The method Get: the item `hang` never comes, `none` is not there, any other has its name as id. */
async function startItems() {
  const hanging = new Set<unknown>();
  const upstream = await startGrpcUpstream({
    Get: (call: any, callback: any) => {
      const { itemId } = call.request;
      if (itemId === 'none') return callback(grpcError(5, 'There is no such item'));
      if (itemId !== 'hang') return callback(null, { itemId });
      hanging.add(call);
      call.once('cancelled', () => hanging.delete(call));
    },
    Watch: (call: any) => {
      hanging.add(call);
      call.once('cancelled', () => hanging.delete(call));
    },
  });
  return Object.assign(upstream, { hanging });
}

/** A mixed action `pages.page` over REST (`api.s`) and gRPC (`api.items`) services that really run. */
export async function startPage(page: Page, config: GatewayConfig<any, any, any> = {}) {
  const [service, items] = [await startService(), await startItems()];
  const get = { method: 'GET', retries: 2 } as const;
  const schemas = {
    root: {
      s: {
        endpoints: service.url,
        actions: {
          say: { ...get, path: ({ text }: { text: string }) => `/say/${text}` },
          fail: { ...get, retries: 0, path: ({ status }: { status: number }) => `/fail/${status}` },
          hang: { ...get, path: '/hang' },
          download: { ...get, path: '/begin', responseType: 'stream' },
        },
      },
      items: {
        endpoints: { path: items.address, insecure: true },
        actions: {
          get: SHOP_GET,
          watch: { ...SHOP_GET, action: 'Watch', type: 'serverStream' },
        },
      },
      pages: { actions: { page } },
    },
  } as const;
  const gateway = await startGateway(schemas, { ...WITH_PROTOS, ...config });
  return {
    ...gateway,
    service,
    items,
    post: (args: unknown = {}, headers?: Record<string, string>) =>
      gateway.post('pages/page', args, headers),
    call: (input: object = {}) => (gateway.api as any).pages.page(input) as Promise<any>,
  };
}
