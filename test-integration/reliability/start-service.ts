import type {
  ApiServiceBaseActionConfig,
  GatewayConfig,
  GatewayContext,
  SchemasByScope,
} from '../../lib';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { startGateway } from '../../test/servers/start-gateway';
import { SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { grpcError, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import type { ExpressVersion } from './promise';

export const KINDS = ['rest', 'grpc', 'mixed'] as const;
export type Kind = (typeof KINDS)[number];

type Service = SchemasByScope[string][string];

export interface ServiceOptions {
  config?: GatewayConfig<any, any, any>;
  service?: Partial<Service>;
  /** Of every REST and gRPC action. */
  common?: Partial<ApiServiceBaseActionConfig>;
  /** Of every REST action. */
  rest?: object;
  /** Milliseconds that calls wait for a server that says nothing. */
  silentMs?: number;
  /** Beside those that are there, or in place of one. */
  actions?: object;
  /** Members of the context of requests and its children, in place of those that record. */
  ctx?: Partial<GatewayContext>;
  /** Between the JSON parser and the gateway. */
  use?: (app: any) => void;
}

/** A REST and a gRPC server: they answer, refuse with a 409, or say nothing. */
async function startServers() {
  const grpcCalls: any[] = [];
  const rest = await startUpstream(({ url }, response) => {
    if (url.startsWith('/silent')) return;
    if (!url.startsWith('/fails')) return sendJson(response, { raw: 'from rest' });
    sendJson(response, { code: 'TAKEN', message: 'taken', debug: 'inner' }, 409);
  });
  const grpc = await startGrpcUpstream({
    Get: (call: any, callback: any) => {
      grpcCalls.push(call);
      const { itemId } = call.request;
      if (itemId === 'fails') callback(grpcError(6, 'taken'));
      else if (itemId !== 'silent') callback(null, { itemId: 'from grpc' });
    },
    Watch: (call: any) => {
      grpcCalls.push(call);
      for (let count = 0; count < call.request.count; count++) call.write({ itemId: `${count}` });
      call.end();
    },
  });
  const grpcEndpoint = { path: grpc.address, insecure: true };
  const endpoints = { main: { test: { endpoint: rest.url, grpcEndpoint } } };
  const sent = () => rest.requests.length + grpcCalls.length;
  return { rest, grpc, grpcCalls, endpoints, sent };
}

function makeActions({ common, rest: ofRest, silentMs }: ServiceOptions) {
  const patience = silentMs === undefined ? {} : { timeout: silentMs };
  const rest = (path: string) => ({ method: 'GET', path, ...common, ...ofRest });
  const grpc = (itemId: string) => {
    return { ...SHOP_GET, params: () => ({ body: { itemId } }), ...common };
  };
  return {
    rest: rest('/ok'),
    grpc: grpc('ok'),
    mixed: async ({ s }: any) => ({ rest: await s.rest(), grpc: await s.grpc() }),
    restFails: rest('/fails'),
    grpcFails: grpc('fails'),
    mixedFails: ({ s }: any) => s.restFails(),
    restSilent: { ...rest('/silent'), ...patience },
    grpcSilent: { ...grpc('silent'), ...patience },
    mixedSilent: ({ s }: any) => Promise.all([s.restSilent(), s.grpcSilent()]),
    restStream: { ...rest('/ok'), responseType: 'stream' },
    grpcStream: { ...SHOP_GET, action: 'Watch', type: 'serverStream', ...common },
  };
}

/**
 * One service `s` over a REST and a gRPC server, with an action of each kind, `rest`, `grpc` and
 * `mixed`, the same with `Fails` and `Silent` behind, and streams. The context of requests records.
 */
export async function startService(express: ExpressVersion, options: ServiceOptions = {}) {
  const { config, service, use } = options;
  const servers = await startServers();
  const actions = { ...makeActions(options), ...options.actions };
  const s = { endpoints: servers.endpoints, ...service, actions };
  const recorded = createRecordingContext(options.ctx);
  const stats: any[] = [];
  const own: GatewayConfig = {
    ...WITH_PROTOS,
    installation: 'main',
    env: 'test',
    sendStats: (one) => void stats.push(one),
  };
  const gateway = await startGateway(
    { root: { s } } as never,
    { ...own, ...config },
    {
      express,
      use: (app, json) => {
        app.use(json());
        app.use((req: any, _res: unknown, next: () => void) => {
          req.ctx = recorded.ctx;
          next();
        });
        use?.(app);
      },
    },
  );
  return {
    ...gateway,
    ...servers,
    ...recorded,
    stats,
    /** An action through the controller. */
    post: (action: string, args?: unknown, headers?: Record<string, string>) =>
      gateway.post(`s/${action}`, args, headers),
    s: (gateway.api as any).s as Record<string, (call?: object) => Promise<any>>,
  };
}
