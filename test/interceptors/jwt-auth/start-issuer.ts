import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { JWK, JWTPayload } from 'jose' with { 'resolution-mode': 'import' };
import { loadJose } from '../../../lib/interceptors/bearer-auth/load-jose';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import type { Answer } from '../../servers/start-upstream';

export const issuer = 'https://issuer.example';
export const audience = 'shop';

export interface SigningKey {
  readonly kid?: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function makeRsaKey(kid?: string, alg = 'RS256'): SigningKey {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { alg, ...pair, ...(kid !== undefined && { kid }) };
}

export function makeEcKey(kid?: string): SigningKey {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { alg: 'ES256', ...pair, ...(kid !== undefined && { kid }) };
}

/** Claims of a valid token; undefined ones are left out. */
export function claimsOf(changes: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: audience, sub: 'ann', iat: now, exp: now + 600, ...changes };
}

export async function sign(
  key: Pick<SigningKey, 'alg' | 'kid'> & { privateKey: KeyObject | Uint8Array },
  claims: JWTPayload = claimsOf(),
  header: object = {},
): Promise<string> {
  const { SignJWT } = await loadJose();
  const { alg, kid } = key;
  return new SignJWT(claims)
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }), ...header })
    .sign(key.privateKey);
}

export function toJwk({ kid, publicKey }: SigningKey): JWK {
  return { ...(publicKey.export({ format: 'jwk' }) as JWK), ...(kid !== undefined && { kid }) };
}

/** An issuer's key set on a loopback server; `keys` may change, and `answer` break it. */
export async function startIssuer(keys: SigningKey[]) {
  const server = await startUpstream((request, response, message) => {
    if (signer.answer) return signer.answer(request, response, message);
    sendJson(response, { keys: signer.keys.map(toJwk) });
  });
  const signer = {
    keys,
    answer: undefined as Answer | undefined,
    server,
    jwksUri: `${server.url}/keys`,
    get fetches() {
      return server.requests.length;
    },
  };
  return signer;
}
