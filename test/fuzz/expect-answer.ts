import { JSON_TYPE } from './front-door';
import type { Answer } from './front-door';

/** What is put where only the gateway and its upstream may see it. */
export const SECRET = 'canary-5ecret';

const MAX_ERROR_BYTES = 64 * 1024;
const MAX_ENTRY_BYTES = 64 * 1024;
const MAX_MESSAGE_BYTES = 8 * 1024;

export interface ErrorBody {
  status: number;
  code: string;
  message: string;
  details?: any;
}

/** Status, code and message of an error, as every error has them. */
export function expectCoded(error: any, status: number): asserts error is ErrorBody {
  expect(error).toMatchObject({
    status,
    code: expect.stringMatching(/./s),
    message: expect.any(String),
  });
  expect(Number.isInteger(status) && status >= 400 && status <= 599).toBe(true);
  expect(Buffer.byteLength(error.message)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
}

/** A success, or an error as every error is; neither they nor the logs tell a secret. Gives the error. */
export function expectAnswer({ status, headers, text, logs = [] }: Answer): ErrorBody | undefined {
  for (const said of [text, JSON.stringify(headers), ...logs]) expect(said).not.toContain(SECRET);
  for (const entry of logs) expect(Buffer.byteLength(entry)).toBeLessThan(MAX_ENTRY_BYTES);
  if (status === 200) return undefined;
  expect(headers['content-type']).toBe(JSON_TYPE);
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_ERROR_BYTES);
  const error = JSON.parse(text) as unknown;
  expectCoded(error, status);
  return error;
}
