import type { GatewayErrorDetails } from '../errors/gateway-error';
import { isErrorStatus } from '../errors/gateway-error';

/** The failure that a mock answers with. */
export interface MockError {
  /** 400 to 599. */
  status: number;
  code: string;
  message: string;
  details?: GatewayErrorDetails;
}

export class MockFailure {
  private readonly kind = 'failure';
  constructor(readonly error: Readonly<MockError>) {}
}

export class MockDelay<Answer> {
  private readonly kind = 'delay';
  constructor(
    readonly delayMs: number,
    readonly answer: Answer,
  ) {}
}

/**
 * A mock, or what the function of a mock gives, that fails as a backend would.
 *
 * @throws TypeError for a status that is no failure's, and where `code` or `message` is no text
 */
export function fail(error: MockError): MockFailure {
  const { status, code, message } = error;
  if (!isErrorStatus(status)) throw new TypeError('fail: status must be a number from 400 to 599');
  if (typeof code !== 'string' || code === '') throw new TypeError('fail: code must be a text');
  if (typeof message !== 'string') throw new TypeError('fail: message must be a text');
  return new MockFailure(error);
}

/** setTimeout takes 31 bits. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * A mock that answers after so many milliseconds: with data, with what a function gives, or with a
 * failure. One that takes longer than the action's timeout is a 504, as of a backend.
 *
 * @throws TypeError for a delay that no timer takes
 */
export function delay<Answer>(delayMs: number, answer: Answer): MockDelay<Answer> {
  if (typeof delayMs !== 'number' || !(delayMs >= 0 && delayMs <= MAX_DELAY_MS)) {
    throw new TypeError(`delay: expected milliseconds from 0 to ${MAX_DELAY_MS}`);
  }
  return new MockDelay(delayMs, answer);
}
