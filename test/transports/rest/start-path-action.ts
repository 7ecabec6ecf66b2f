import type { ApiServiceRestActionConfig, GatewayConfig } from '../../../lib';
import { startRestAction } from '../../servers/start-rest-action';
import { startUpstream } from '../../servers/start-upstream';

export const REFUSED = '400 GATEWAY_INVALID_PARAM_VALUE';
export const BASE = '/base/v1';

export type MakePath = (args: any) => unknown;

/** An action below a base path, whose path function is chosen call by call. */
export async function startPathAction(
  definition: Partial<ApiServiceRestActionConfig> = {},
  config: GatewayConfig<any, any, any> = {},
) {
  const upstream = await startUpstream();
  let current: MakePath = () => '/';
  const path = (args: unknown) => current(args) as string;
  const action = await startRestAction(upstream.url + BASE, { path, ...definition }, config);

  /** What the upstream saw below the base path, or status and code of a call that sent nothing. */
  async function send(make: MakePath, args: unknown): Promise<string> {
    current = make;
    const before = upstream.requests.length;
    try {
      await action.call({ args });
    } catch (failure) {
      const { error } = failure as { error?: { status: number; code: string } };
      const isSent = upstream.requests.length !== before;
      return `${error?.status} ${error?.code}${isSent ? ' after it was sent' : ''}`;
    }
    const { url } = upstream.last;
    return url.startsWith(BASE) ? url.slice(BASE.length) : `outside: ${url}`;
  }

  return { ...action, upstream, send, use: (make: MakePath) => void (current = make) };
}
