import type { ApiServiceRestActionConfig as RestDefinition, GatewayConfig } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

/** The two ways into an action. */
export const ways = ['controller', 'api'] as const;
export type Way = (typeof ways)[number];

interface Setup {
  action?: Partial<RestDefinition>;
  config?: GatewayConfig<any, any, any>;
  /** What the ctx's metadata says. */
  metadata?: object | (() => object);
}

/** A REST action over a recording upstream; `call` reaches it by either way with the same headers. */
export async function startHeaderAction({ action, config, metadata }: Setup = {}) {
  const upstream = await startUpstream();
  const context = createRecordingContext({
    getMetadata: () => ({ ...(typeof metadata === 'function' ? metadata() : metadata) }),
  });
  const { post, call } = await startRestAction(upstream.url, action, {
    onBeforeAction: (req: any) => void (req.ctx = context.ctx),
    ...config,
  });

  async function by(way: Way, headers: object = {}, args: object = {}) {
    if (way === 'controller') {
      const { status, json } = await post(args, headers as Record<string, string>);
      return { status, code: json.code as string | undefined };
    }
    const input = { headers, args, ctx: context.ctx };
    return call(input).then(
      () => ({ status: 200, code: undefined }),
      ({ error }) => ({ status: error.status as number, code: error.code as string | undefined }),
    );
  }

  return { upstream, context, by, sent: () => upstream.last.headers };
}
