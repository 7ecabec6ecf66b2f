import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import { DEFAULT_ERROR_CODE } from '../../errors/gateway-error';
import type { JwtAuthOptions, JwtPayload } from './jwt-auth';
import { compileKeys, KeySetUnavailable } from './jwt-keys';
import { loadJose } from './load-jose';
import type { Jose } from './load-jose';

type Verified = Promise<{ payload: JwtPayload }>;

/** Answers the payload of valid tokens, and throws what is wrong with others. */
export function createVerifyJwt(options: JwtAuthOptions) {
  const keys = compileKeys(options);
  const { issuer, audience, algorithms = keys.defaults, clockToleranceSec = 0 } = options;
  const unfit = algorithms.filter((name) => !keys.algorithms.includes(name));
  if (unfit.length > 0) {
    throw new TypeError(
      `jwtAuth: algorithms must be of ${keys.algorithms.join(', ')} with this key`,
    );
  }
  const claims = {
    issuer: [issuer].flat(),
    audience: [audience].flat(),
    algorithms: [...algorithms],
    clockTolerance: clockToleranceSec,
    // A token that never expires cannot be taken back.
    requiredClaims: ['exp'],
  };
  let opened: { jose: Jose; key: ReturnType<typeof keys.open> } | undefined;

  /** Calls share one key set, and so one fetch. */
  async function open(call: Call) {
    try {
      const jose = await loadJose();
      return (opened ??= { jose, key: keys.open(jose) });
    } catch (cause) {
      // The installation is broken, not the token.
      throw createFailure(call, { status: 500, code: DEFAULT_ERROR_CODE, text: 'internal', cause });
    }
  }

  async function verify(token: string, call: Call): Verified {
    const { jose, key } = opened ?? (await open(call));
    if (typeof key !== 'function') return jose.jwtVerify(token, key, claims);
    try {
      return await jose.jwtVerify(token, key, claims);
    } catch (error) {
      if (!(error instanceof jose.errors.JWKSMultipleMatchingKeys)) throw error;
      return verifyWithOneOf(error, jose, (candidate) => jose.jwtVerify(token, candidate, claims));
    }
  }

  return async function verifyJwt(token: string, call: Call): Promise<JwtPayload> {
    try {
      return (await verify(token, call)).payload;
    } catch (cause) {
      if (!(cause instanceof KeySetUnavailable)) throw cause;
      const code = 'JWKS_UNAVAILABLE';
      throw createFailure(call, { status: 503, code, text: 'tokenNotChecked', cause });
    }
  };
}

/** A token that names no key may be signed by any of a set (RFC 7515 section 4.1.4). */
async function verifyWithOneOf<Key>(
  candidates: AsyncIterable<Key>,
  { errors }: Jose,
  verify: (key: Key) => Verified,
): Verified {
  let failure: unknown;
  for await (const key of candidates) {
    try {
      return await verify(key);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      failure = error;
    }
  }
  throw failure;
}
