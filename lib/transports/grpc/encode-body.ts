import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import { InvalidMessage } from './codec/invalid-message';

/** The request message; what does not fit its type is the caller's mistake (RELIABILITY I8). */
export function encodeBody(call: Call, encode: () => Buffer): Buffer {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    throw createFailure(call, {
      status: 400,
      code: 'INVALID_PARAMS',
      text: 'invalidParams',
      details: { title: 'Invalid params', description: error.message },
      cause: error,
    });
  }
}
