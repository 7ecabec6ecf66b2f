import { createPublicKey, KeyObject } from 'node:crypto';
import { algorithmsOf, algorithmsOfSecret, PUBLIC_KEY_ALGORITHMS } from './jwt-algorithms';
import type { JwtKeyOptions } from './jwt-key-options';
import type { Jose } from './load-jose';

type RemoteKeySet = ReturnType<Jose['createRemoteJWKSet']>;
type FindKey = (...token: Parameters<RemoteKeySet>) => ReturnType<RemoteKeySet>;

/** Keys, and what they may be used with. */
export interface JwtKeys {
  readonly algorithms: readonly string[];
  readonly defaults: readonly string[];
  /** What jose verifies with. */
  open(jose: Jose): KeyObject | Uint8Array | FindKey;
}

/** The key set cannot be had: that says nothing about the token. */
export class KeySetUnavailable extends Error {
  constructor(cause: unknown) {
    super('The key set cannot be fetched', { cause });
  }
}

/** @throws TypeError for keys that cannot be */
export function compileKeys(options: JwtKeyOptions): JwtKeys {
  const { jwksUri, secret, publicKey } = options;
  const given = [jwksUri, secret, publicKey].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new TypeError('jwtAuth: exactly one of jwksUri, secret and publicKey must be given');
  }
  if (secret !== undefined) return compileSecret(secret);
  return publicKey === undefined ? compileKeySet(options) : compilePublicKey(publicKey);
}

function compileSecret(secret: string | Uint8Array): JwtKeys {
  const bytes = Uint8Array.from(Buffer.from(secret));
  // A public key taken for a secret is known to everybody.
  const isPem = Buffer.from(bytes).includes('-----BEGIN');
  const algorithms = isPem ? [] : algorithmsOfSecret(bytes);
  if (algorithms.length === 0) {
    throw new TypeError('jwtAuth: secret must be at least 32 bytes, and no PEM');
  }
  return { algorithms, defaults: ['HS256'], open: () => bytes };
}

function compilePublicKey(given: string | KeyObject): JwtKeys {
  const key = readPublicKey(given);
  const algorithms = key ? algorithmsOf(key) : [];
  if (!key || algorithms.length === 0) {
    throw new TypeError(
      'jwtAuth: publicKey must be a public key of RSA (2048 bits or more), EC or Ed25519',
    );
  }
  return { algorithms, defaults: algorithms, open: () => key };
}

/** Undefined for a private key too, which has no business here. */
function readPublicKey(given: string | KeyObject): KeyObject | undefined {
  if (given instanceof KeyObject) return given.type === 'public' ? given : undefined;
  if (given.includes('PRIVATE KEY')) return undefined;
  try {
    return createPublicKey(given);
  } catch {
    return undefined;
  }
}

function compileKeySet(options: JwtKeyOptions): JwtKeys {
  const { jwksTimeoutMs = 5000, jwksMaxAgeSec = 600, jwksCooldownSec = 30 } = options;
  const url = readKeySetUrl(options);
  const open = (jose: Jose): FindKey => {
    const keySet = jose.createRemoteJWKSet(url, {
      timeoutDuration: jwksTimeoutMs,
      cacheMaxAge: jwksMaxAgeSec * 1000,
      cooldownDuration: jwksCooldownSec * 1000,
    });
    return (...token) => keySet(...token).catch(toKeySetFailure);
  };
  return { algorithms: PUBLIC_KEY_ALGORITHMS, defaults: PUBLIC_KEY_ALGORITHMS, open };
}

/** What is wrong with the token stays; everything else is the key set's fault. */
function toKeySetFailure(error: Error & { code?: unknown }): never {
  const isAboutToken =
    error.code === 'ERR_JWKS_NO_MATCHING_KEY' ||
    error.code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' ||
    error.code === 'ERR_JOSE_NOT_SUPPORTED';
  throw isAboutToken ? error : new KeySetUnavailable(error);
}

function readKeySetUrl({ jwksUri, allowInsecureJwksUri }: JwtKeyOptions): URL {
  const url = URL.canParse(String(jwksUri)) ? new URL(String(jwksUri)) : undefined;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  const isHttp = url?.protocol === 'http:' && (isLoopback || allowInsecureJwksUri === true);
  if (url && (url.protocol === 'https:' || isHttp)) return url;
  throw new TypeError('jwtAuth: jwksUri must be a URL of https, or of http on a loopback address');
}
