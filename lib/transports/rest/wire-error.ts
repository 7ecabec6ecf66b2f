import { AxiosError } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { CallAborted } from '../../call/abort';
import { ExchangeFailure } from './buffered-exchange';
import { ConnectionsClosed } from './keep-alive-agent';
import { INVALID_RESPONSE } from './parse-response';
import { BodyFault } from './read-body';

const CUT = 'ECONNRESET';

/** What undici calls a fault, in the words of axios over Node, which callers know. */
const CODE_OF: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: CUT,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: CUT,
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
  // Its parser asserts what it believes of an answer.
  ERR_ASSERTION: INVALID_RESPONSE,
};
/** Messages of undici's SocketError for answers that are none. */
const UNUSABLE: ReadonlySet<string> = new Set(['bad response', 'bad upgrade']);

/** What ended an exchange, as axios would tell it; what is no fault of the wire stays as it is. */
export function toAxiosError(error: unknown, configOf: () => InternalAxiosRequestConfig): unknown {
  const cause = error instanceof ExchangeFailure ? error.cause : error;
  if (cause instanceof AxiosError) return Object.assign(cause, { config: configOf() });
  if (cause instanceof CallAborted || cause instanceof ConnectionsClosed) return cause;
  const isFault = cause instanceof BodyFault || error instanceof ExchangeFailure;
  if (!isFault) return cause;
  const head = error instanceof ExchangeFailure ? error.head : undefined;
  const code = toCode(cause as Error);
  const config = configOf();
  // A fault of the content is the upstream's last word; a cut connection is a network error.
  const isContent = cause instanceof BodyFault && code !== CUT;
  const response = isContent
    ? {
        status: head?.status ?? 200,
        statusText: head?.statusText ?? '',
        data: undefined,
        headers: {},
        config,
      }
    : undefined;
  const told = new AxiosError((cause as Error).message, code, config, undefined, response);
  told.cause = cause as Error;
  return told;
}

function toCode(error: Error): string | undefined {
  const { code, name } = error as { code?: unknown; name: string };
  // undici 7 loses the code of its parser.
  if (typeof code !== 'string') return name === 'HTTPParserError' ? INVALID_RESPONSE : undefined;
  if (code === 'UND_ERR_SOCKET' && UNUSABLE.has(error.message)) return INVALID_RESPONSE;
  return CODE_OF[code] ?? code;
}
