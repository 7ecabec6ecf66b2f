import { SILENT_CONTEXT } from '../context';
import type { GatewayContext } from '../context';

/** Whether nobody reads what the context is told, so that it need not be told. */
export function isSilent(ctx: GatewayContext): boolean {
  return ctx === SILENT_CONTEXT;
}
