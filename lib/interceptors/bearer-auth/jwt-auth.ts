import { createRequire } from 'node:module';
import { KeyObject } from 'node:crypto';
import { checkFactoryOptions } from '../../call/factory-options';
import type { FactoryRule } from '../../call/factory-options';
import type { Interceptor } from '../../call/interceptor';
import { loadOptionalPackage } from '../../call/optional-package';
import { BEARER_RULES, createBearerAuth } from './bearer-auth';
import type { BearerOptions } from './bearer-auth';
import type { JwtKeyOptions } from './jwt-key-options';
import { createVerifyJwt } from './verify-jwt';

/** The claims of a token (RFC 7519 section 4.1). Issuer, audience and times are checked. */
export interface JwtPayload {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  nbf?: number;
  iat?: number;
  jti?: string;
  [claim: string]: unknown;
}

export interface JwtAuthOptions extends JwtKeyOptions, BearerOptions<JwtPayload> {
  /** Who may have issued the token: the claim `iss` is one of these. */
  issuer: string | readonly string[];
  /** For whom the token must be: the claim `aud` has one of these. */
  audience: string | readonly string[];
  /**
   * Signature algorithms that are accepted. Default: `HS256` with a secret, else all of RSA, EC and
   * Ed25519 that fit the key. `none` cannot be named.
   */
  algorithms?: readonly string[];
  /** Seconds by which the issuer's clock may differ. Default 0. */
  clockToleranceSec?: number;
}

const names: Pick<FactoryRule, 'expected' | 'accepts'> = {
  expected: 'a text, or a list of at least one, none of them empty',
  accepts: (value) => {
    const list: unknown[] = [value].flat();
    return list.length > 0 && list.every((one) => typeof one === 'string' && one !== '');
  },
};
const seconds: FactoryRule = {
  expected: 'a number from 0',
  accepts: (value) => typeof value === 'number' && value >= 0,
};

const JWT_RULES = {
  issuer: { ...names, isRequired: true },
  audience: { ...names, isRequired: true },
  algorithms: {
    expected: 'a list of at least one name',
    accepts: (value) => Array.isArray(value) && names.accepts(value),
  },
  clockToleranceSec: {
    expected: 'a number from 0',
    accepts: (value) => Number.isFinite(value) && seconds.accepts(value),
  },
  jwksUri: {
    expected: 'a URL',
    accepts: (value) => typeof value === 'string' || value instanceof URL,
  },
  secret: {
    expected: 'a text or bytes',
    accepts: (value) => typeof value === 'string' || value instanceof Uint8Array,
  },
  publicKey: {
    expected: 'PEM or a KeyObject',
    accepts: (value) => typeof value === 'string' || value instanceof KeyObject,
  },
  allowInsecureJwksUri: BEARER_RULES.optional,
  jwksTimeoutMs: {
    expected: 'a whole number of milliseconds from 1',
    accepts: (value) => Number.isInteger(value) && (value as number) > 0,
  },
  jwksMaxAgeSec: seconds,
  jwksCooldownSec: seconds,
} satisfies Record<Exclude<keyof JwtAuthOptions, keyof typeof BEARER_RULES>, FactoryRule>;

/**
 * `bearerAuth` for signed JSON Web Tokens (RFC 7519): the user is the token's payload. Needs the
 * package `jose`, which is loaded with the first token. A key set that cannot be fetched is 503
 * `JWKS_UNAVAILABLE`.
 *
 * @throws TypeError for an option that cannot be
 */
export function jwtAuth(options: JwtAuthOptions): Interceptor {
  checkFactoryOptions('jwtAuth', options, { ...BEARER_RULES, ...JWT_RULES });
  const require = createRequire(__filename);
  loadOptionalPackage('jose', 'jwtAuth', () => require.resolve('jose'));
  return createBearerAuth({ ...options, verify: createVerifyJwt(options) });
}
