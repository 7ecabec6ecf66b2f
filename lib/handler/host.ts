import type { AnyGatewayConfig } from '../config/gateway-config';
import type { Handler } from './handler';

/** Where a gateway keeps what adapters that are mounted later need of it. */
export const HANDLER = Symbol('sallyport.handler');

/** A gateway, as adapters see it. */
export interface HandlerHost {
  readonly [HANDLER]: { readonly handler: Handler; readonly config: AnyGatewayConfig };
}
