import type { AnyGatewayConfig } from '../../config/gateway-config';
import type {
  GatewayRequest,
  GatewayResponse,
  HookRequest,
  HookResponse,
} from '../../config/hook-types';
import type { GatewayContext } from '../../context';
import type { Handler } from '../../handler/handler';
import { ClientConnection } from './client-connection';
import { ExpressRequest } from './express-request';
import { answerBroken, writeResponse } from './write-response';

/** An Express 4 or 5 handler for `POST <prefix>/:scope/:service/:action`; it never rejects. */
export type ControllerType<
  Req extends HookRequest<GatewayContext> = GatewayRequest,
  Res extends HookResponse = GatewayResponse,
> = (req: Req, res: Res) => Promise<void>;

/** What of the handler's requests differs between what is mounted. */
export type CreateRequest = (
  req: GatewayRequest,
  res: GatewayResponse,
  client: ClientConnection,
) => ExpressRequest;

export function createExpressController(
  handler: Handler,
  config: AnyGatewayConfig,
  createRequest: CreateRequest = (req, res, client) => new ExpressRequest(req, res, client, config),
): ControllerType {
  return async function controller(req, res) {
    let client: ClientConnection | undefined;
    try {
      client = new ClientConnection(req, res);
      const response = await handler(createRequest(req, res, client));
      if (response) await writeResponse(res, response);
    } catch (error) {
      // The handler answers every failure; what comes here is a broken request or response object.
      answerBroken(res, error, config);
    } finally {
      client?.dispose();
    }
  };
}
