import { BODY_ALREADY_READ } from '../call/proxied';
import { normalizePath, stripPrefix } from '../call/proxied-path';
import { GatewayCallError } from '../errors/gateway-error';
import { messageIn } from '../errors/messages';
import type { MessageKey } from '../errors/messages';
import type { ApiServiceProxyActionConfig, ProxyArgs } from '../schema/proxy-definition';
import type { HandlerRequest } from './handler-message';

type Proxied = NonNullable<HandlerRequest['proxied']>;

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly text: MessageKey;
}

const INVALID_PATH: Refusal = { status: 400, code: 'INVALID_PROXY_PATH', text: 'invalidProxyPath' };
const UNKNOWN_PATH: Refusal = { status: 404, code: 'UNKNOWN_PROXY_PATH', text: 'unknownProxyPath' };
const UPGRADE: Refusal = {
  status: 501,
  code: 'UPGRADE_NOT_SUPPORTED',
  text: 'upgradeNotSupported',
};
const CODING: Refusal = {
  status: 501,
  code: 'TRANSFER_CODING_NOT_SUPPORTED',
  text: 'transferCodingNotSupported',
};
const METHOD: Refusal = { status: 501, code: 'METHOD_NOT_SUPPORTED', text: 'methodNotSupported' };

/** Scheme and authority of a request target in absolute form (RFC 9112 section 3.2.2). */
const AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/** The args of a proxied call, or why the request cannot be passed on. */
export function readProxyArgs(
  request: HandlerRequest,
  proxied: Proxied,
  languages: readonly string[],
): ProxyArgs {
  const read = readTarget(proxied);
  const refusal = findRefusal(request, proxied) ?? ('code' in read ? read : undefined);
  if (!refusal && !('code' in read)) return { method: request.method, ...read };
  const { status, code, text } = refusal ?? INVALID_PATH;
  throw new GatewayCallError({ status, code, message: messageIn(languages, text) });
}

function findRefusal({ method, headers }: HandlerRequest, proxied: Proxied): Refusal | undefined {
  const { upgrade, connection = '' } = headers;
  // Clients offer h2c beside a plain request; without an answer to that, they go on as before.
  const isUpgrade = upgrade !== undefined && /\bupgrade\b/i.test(connection);
  if (isUpgrade && upgrade.trim().toLowerCase() !== 'h2c') return UPGRADE;
  // TRACE would show the client what credentials the gateway sends.
  if (method === 'TRACE' || method === 'CONNECT') return METHOD;
  // RFC 9110 section 7.6.2: this server is the last that the client wants to reach.
  if (method === 'OPTIONS' && Number(headers['max-forwards'] ?? NaN) === 0) return METHOD;
  // RFC 9112 section 6.1: Node takes off chunks alone, and Transfer-Encoding goes no further.
  if (!/^\s*chunked\s*$/i.test(headers['transfer-encoding'] ?? 'chunked')) return CODING;
  return proxied.request.isBodyRead ? BODY_ALREADY_READ : undefined;
}

function readTarget({ action, request }: Proxied): Omit<ProxyArgs, 'method'> | Refusal {
  const { pathPrefix = '' } = action.definition as ApiServiceProxyActionConfig;
  const target = request.url.replace(AUTHORITY, '').replace(/^(?=\?|$)/, '/');
  const at = target.indexOf('?');
  const given = at < 0 ? target : target.slice(0, at);
  const rest = stripPrefix(given, pathPrefix);
  if (rest === undefined) return UNKNOWN_PATH;
  const path = normalizePath(rest);
  return path === undefined ? INVALID_PATH : { path, query: at < 0 ? '' : target.slice(at + 1) };
}
