import { Metadata } from '@grpc/grpc-js';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { sendJson } from '../../test/servers/start-upstream';
import type { ExpressVersion } from './promise';
import { KINDS, startKinds } from './start-kinds';
import type { Kind, KindsOptions } from './start-kinds';

interface Setup extends Pick<KindsOptions, 'config' | 'definition'> {
  trailer?: Record<string, string | Buffer>;
  /** What the upstreams say. */
  isFailing?: boolean;
}

/** Debug headers of the same call through both doors; the answer itself is as it would be without. */
export async function startDebug(express: ExpressVersion, setup: Setup) {
  const { config, definition, trailer = {}, isFailing = false } = setup;
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailer)) metadata.set(name, value);
  const kinds = await startKinds(express, {
    config: { withDebugHeaders: true, ...config },
    ...(definition && { definition }),
    trailer: metadata,
    answer: (_request, response) => sendJson(response, { itemId: 'a' }, isFailing ? 404 : 200),
    ...(isFailing && { failure: grpcError(5, 'no', metadata) }),
  });

  return async function read(
    kind: Kind,
    headers: object = {},
    args: object = {},
  ): Promise<[Record<string, string>, Record<string, string>]> {
    const answer = await kinds.post(kind, args, headers);
    const expected = isFailing ? { status: 404 } : { itemId: 'a' };
    expect(answer).toMatchObject({ status: isFailing ? 404 : 200, json: expected });
    const call = kinds.call(kind, { args, headers });
    const { debugHeaders } = await (isFailing ? failureOf(call) : call);
    return [answer.headers as Record<string, string>, debugHeaders];
  };
}

/** Those of an answer that are not of the server. */
export function debugOnly(headers: Record<string, string>): [string, string][] {
  const own = /^(connection|date|keep-alive|etag|content-|x-powered-by|transfer-encoding)/;
  return Object.entries(headers).filter(([name]) => !own.test(name));
}

/** Each kind, answered well and badly. */
export const CASES = KINDS.flatMap((kind) =>
  [false, true].map((isFailing) => [kind, isFailing] as const),
);
