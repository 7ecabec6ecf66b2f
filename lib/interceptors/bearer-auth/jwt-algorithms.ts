import type { KeyObject } from 'node:crypto';

/** Shortest secret of each algorithm, in bytes: as long as its hash (RFC 7518 section 3.2). */
const SECRET_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

const RSA_PSS = ['PS256', 'PS384', 'PS512'];
const RSA = ['RS256', 'RS384', 'RS512', ...RSA_PSS];
const EDWARDS = ['EdDSA', 'Ed25519'];
/** By the name that node:crypto has for the curve. */
const BY_CURVE: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/**
 * What the public keys of a set may be used with. Never `none` and never `HS*`, which would take a
 * public key for a secret (RFC 8725 sections 2.1 and 3.1).
 */
export const PUBLIC_KEY_ALGORITHMS: readonly string[] = [
  ...RSA,
  ...Object.values(BY_CURVE),
  ...EDWARDS,
];

/** What one public key may be used with; none for a key that signs nothing. */
export function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string[] {
  // RFC 7518 section 3.3.
  if ((asymmetricKeyDetails?.modulusLength ?? 2048) < 2048) return [];
  switch (asymmetricKeyType) {
    case 'rsa':
      return RSA;
    case 'rsa-pss':
      return RSA_PSS;
    case 'ed25519':
      return EDWARDS;
    case 'ec': {
      const algorithm = BY_CURVE[asymmetricKeyDetails?.namedCurve ?? ''];
      return algorithm === undefined ? [] : [algorithm];
    }
    default:
      return [];
  }
}

/** What a secret is long enough for. */
export function algorithmsOfSecret({ byteLength }: Uint8Array): string[] {
  return Object.keys(SECRET_BYTES).filter((name) => byteLength >= SECRET_BYTES[name]!);
}
