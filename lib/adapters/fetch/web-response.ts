import type { Readable } from 'node:stream';
import type { UnderlyingSource } from 'node:stream/web';
import type { HandlerResponse } from '../../handler/handler-message';
import type { RecordedResponse } from '../../handler/recorded-response';

type Body = ConstructorParameters<typeof Response>[0];

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** The gateway's own answer. A stream that fails under way cuts the answer, as over Express. */
export function toWebResponse({ status, headers, body }: HandlerResponse, set: Headers): Response {
  for (const [name, value] of Object.entries(headers)) set.set(name, value);
  return new Response(toWebBody(body), { status, headers: set });
}

/** What a hook has answered, or will: 499 when nobody waits for it any more. */
export async function toRecordedResponse(
  res: RecordedResponse,
  signal: AbortSignal,
): Promise<Response> {
  const answer = await Promise.race([res.answered, whenAborted(signal)]);
  if (!answer) return toGoneResponse();
  const { status, body } = answer;
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers: res.headers });
}

/** Nobody is left to read it. */
export function toGoneResponse(): Response {
  return new Response(null, { status: 499 });
}

/** An answer that breaks off: a hook has answered and then failed (RELIABILITY K4). */
export function toCutResponse(): Response {
  const start = (controller: ReadableStreamDefaultController) =>
    controller.error(new Error('The answer is cut'));
  return new Response(new ReadableStream({ start }));
}

function toWebBody(body: HandlerResponse['body']): Body {
  const isWhole = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  return isWhole ? body : toWebStream(body);
}

/** `Readable.toWeb` of Node 20 throws out of the process when data follows on a cancellation. */
function toWebStream(body: Readable): ReadableStream<Uint8Array> {
  // A failure that comes while nobody reads waits for the next read.
  body.on('error', () => undefined);
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: () => void body.destroy(),
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

export function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
