import type { HookRequest, HookResponse } from '../config/hook-types';
import { readRequestId } from './request-id';

/** What hooks may change of a request, on every host: read when it is asked for. */
export abstract class HookedRequest {
  protected abstract readonly req: HookRequest;
  protected abstract readonly res: Pick<HookResponse, 'locals'>;

  get headers() {
    return this.req.headers;
  }

  /** `req.id`, else `x-request-id`; undefined where neither can be sent on as it is. */
  get requestId() {
    return readRequestId(this.req);
  }

  get ctx() {
    return this.req.ctx;
  }

  get body() {
    return this.req.body as unknown;
  }

  get query() {
    return this.req.query as unknown;
  }

  get userId() {
    const { userId } = (this.res.locals ?? {}) as { userId?: unknown };
    return typeof userId === 'number' ? String(userId) : (userId as string | undefined);
  }
}
