import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import type { Handler } from '../../handler/handler';
import type { HandlerRequest } from '../../handler/handler-message';
import { createExpressController } from './express-controller';
import type { ControllerType } from './express-controller';
import { ExpressRequest } from './express-request';
import { RawRequest } from './raw-request';

type Action = NonNullable<HandlerRequest['proxied']>['action'];

/** A request to the handler of one proxy: the action is known, whatever the route says. */
class ExpressProxyRequest extends ExpressRequest {
  override readonly scope: string;
  override readonly service: string;
  override readonly action: string;
  readonly proxied: NonNullable<HandlerRequest['proxied']>;

  constructor(
    { req, res }: { readonly req: GatewayRequest; readonly res: GatewayResponse },
    client: HandlerRequest['client'],
    { action, config }: { readonly action: Action; readonly config: AnyGatewayConfig },
  ) {
    super(req, res, client, config);
    this.scope = action.scope;
    this.service = action.service;
    this.action = action.name;
    this.proxied = { action, request: new RawRequest(req, res) };
  }
}

/** An Express 4 or 5 handler that passes requests on through one proxy action; it never rejects. */
export function createExpressProxy(
  handler: Handler,
  action: Action,
  config: AnyGatewayConfig,
): ControllerType {
  // The answer is streamed as it is: there is no data for this hook to answer with.
  const ofProxy: AnyGatewayConfig = { ...config, onRequestSuccess: undefined };

  return createExpressController(handler, config, (req, res, client) => {
    return new ExpressProxyRequest({ req, res }, client, { action, config: ofProxy });
  });
}
