import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { GatewayConfig, SchemasByScope } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { startGateway } from '../../servers/start-gateway';
import type { AppOptions } from '../../servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import type { GrpcUpstreamOptions } from '../../servers/start-grpc-upstream';

const base = { protoKey: 'shop.Items', protoPath: 'shop.proto' };

export const shopActions = {
  get: { ...base, action: 'Get' },
  watch: { ...base, action: 'Watch', type: 'serverStream' },
  collect: { ...base, action: 'Collect', type: 'clientStream' },
  chat: { ...base, action: 'Chat', type: 'bidi' },
} as const;

export interface ShopOptions {
  config?: GatewayConfig<any, any, any>;
  /** Beside those of the shop, or in place of one. */
  actions?: SchemasByScope[string][string]['actions'];
  endpoint?: object;
  upstream?: GrpcUpstreamOptions;
  express?: AppOptions['express'];
}

/** The service of shop.proto over a server of its own; `items` are its actions in the api. */
export async function startShop(
  implementation: UntypedServiceImplementation,
  { upstream: options, ...others }: ShopOptions = {},
) {
  const upstream = await startGrpcUpstream(implementation, options);
  return { upstream, ...(await startShopAt(upstream.address, others)) };
}

/** The same over a server that is there already, or not there. */
export async function startShopAt(
  address: string,
  { config, actions, endpoint, express = 5 }: ShopOptions = {},
) {
  const stats: any[] = [];
  const items = {
    endpoints: { path: address, insecure: true, ...endpoint },
    actions: { ...shopActions, ...actions },
  };
  const own: GatewayConfig<any, any, any> = {
    includeProtoRoots: [PROTO_ROOT],
    sendStats: (sent) => void stats.push(sent),
    ...config,
  };
  const gateway = await startGateway({ root: { items } } as never, own, { express });
  const context = createRecordingContext();
  return {
    ...gateway,
    stats,
    /** A context for calls of the api, and what became of its children. */
    ctx: context.ctx,
    contexts: context.children,
    items: (gateway.api as any).items as Record<string, (call?: object) => Promise<any>>,
  };
}
