import type { KeyObject } from 'node:crypto';

/** Where the keys come from: exactly one of the three. */
export interface JwtKeyOptions {
  /** Where the issuer publishes its public keys (RFC 7517): an https URL, or http on a loopback address. */
  jwksUri?: string | URL;
  /** The secret that issuer and gateway share, for `HS*`: at least 32 bytes, 48 and 64 for HS384 and HS512. */
  secret?: string | Uint8Array;
  /** The issuer's public key: PEM or a KeyObject. */
  publicKey?: string | KeyObject;
  /** Admits a `jwksUri` of http on any host: who can change its answers can sign tokens. Default false. */
  allowInsecureJwksUri?: boolean;
  /** Milliseconds that fetching the key set may take. Default 5000. */
  jwksTimeoutMs?: number;
  /** Seconds for which fetched keys are used; then they are fetched again. Default 600. */
  jwksMaxAgeSec?: number;
  /** Seconds after a fetch in which a token with an unknown key does not cause another. Default 30. */
  jwksCooldownSec?: number;
}
