import type { ActionSource } from '../schema/walk';
import type { Call, CallResult } from './call';

export type ActionKind = 'rest' | 'grpc' | 'mixed' | 'proxy';

/** A compiled action: everything that schema and config tell is computed. */
export interface Action extends ActionSource {
  readonly kind: ActionKind;
  /** Free data of the definition, for interceptors and tools. */
  readonly metadata?: unknown;
  /** Runs the interceptors, outside in, and then the action itself. */
  readonly call: (call: Call) => Promise<CallResult>;
}

/** Runs one call; what interceptors wrap. */
export type CallHandler = (call: Call) => Promise<CallResult>;
