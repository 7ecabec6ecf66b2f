import type { HookRequest, HookResponse } from '../config/hook-types';
import type { HandlerRequest } from './handler-message';
import { readRequestId } from './request-id';

/**
 * What hooks may change of a request, on every host: read when it is asked for. The types are named:
 * inferred ones reach the package's declarations as imports of its index.
 */
export abstract class HookedRequest {
  protected abstract readonly req: HookRequest;
  protected abstract readonly res: Pick<HookResponse, 'locals'>;

  get headers(): HandlerRequest['headers'] {
    return this.req.headers;
  }

  /** `req.id`, else `x-request-id`; undefined where neither can be sent on as it is. */
  get requestId(): HandlerRequest['requestId'] {
    return readRequestId(this.req);
  }

  get ctx(): HandlerRequest['ctx'] {
    return this.req.ctx;
  }

  get body(): HandlerRequest['body'] {
    return this.req.body as unknown;
  }

  get query(): HandlerRequest['query'] {
    return this.req.query as unknown;
  }

  get userId(): HandlerRequest['userId'] {
    const { userId } = (this.res.locals ?? {}) as { userId?: unknown };
    return typeof userId === 'number' ? String(userId) : (userId as string | undefined);
  }
}
