import type { Call } from '../call/call';
import type { LogFailure } from '../call/log-failure';

/** The key of a context api under which its binding is read. */
export const BINDING = Symbol('sallyport.binding');

/** What the api of a mixed action is bound to. */
export class ContextBinding {
  constructor(
    /** The call of the mixed action. */
    readonly caller: Call,
    /** Cancels what is called. */
    readonly signal: AbortSignal,
    readonly logFailure: LogFailure,
    /** The same api for a part of the action, which may end earlier. */
    readonly narrow: (signal: AbortSignal) => object,
  ) {}
}

/** Undefined for anything but a context api: the gateway's own api, or a stub that answers any key. */
export function readBinding(api: unknown): ContextBinding | undefined {
  if (typeof api !== 'object' && typeof api !== 'function') return undefined;
  const found = (api as { [BINDING]?: unknown } | null)?.[BINDING];
  return found instanceof ContextBinding ? found : undefined;
}
