import type { Call, CallOrigin } from '../../call/call';
import { APPLY_TO_RULE, checkFactoryOptions } from '../../call/factory-options';
import type { FactoryRule } from '../../call/factory-options';
import { createFailure, toHookFailure } from '../../call/failure';
import type { Interceptor } from '../../call/interceptor';
import { isErrorStatus, membersOf } from '../../errors/gateway-error';
import type { GatewayCallError } from '../../errors/gateway-error';
import { readHeader } from '../../headers/header-record';
import { createChallenges, isRealm } from './challenge';
import { readToken } from './read-token';
import { areUserHeaders, UserHeaders } from './user-headers';
import type { UserHeader } from './user-headers';

/** What `bearerAuth` and `jwtAuth` have in common. */
export interface BearerOptions<User> {
  /** Calls without a token pass, without a user; a token that is there must be valid. Default false. */
  optional?: boolean;
  /** The realm that WWW-Authenticate names, printable ASCII. Default: none is named. */
  realm?: string;
  /** Where the user stands in `call.state`. Default `user`. */
  stateKey?: string;
  /**
   * Headers that tell upstreams who calls, by name. The caller's own headers of these names, in any
   * letter case, are dropped. Default none.
   */
  headers?: Readonly<Record<string, UserHeader<User>>>;
  /** The calls that must bring a token. Default `['http']`. */
  applyTo?: readonly CallOrigin[];
}

export interface BearerAuthOptions<User> extends BearerOptions<User> {
  /**
   * Who the token stands for. Nothing (undefined, null, false) or a throw refuses it with 401; a throw
   * with an integer `status` from 400 to 599 is the failure of the call.
   */
  verify: (
    token: string,
    call: Call,
  ) => User | undefined | null | false | Promise<User | undefined | null | false>;
}

export const BEARER_RULES = {
  optional: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  realm: { expected: 'a text of printable ASCII characters', accepts: isRealm },
  stateKey: {
    expected: 'a name',
    accepts: (value) => typeof value === 'string' && value !== '' && value !== '__proto__',
  },
  headers: {
    expected:
      'functions by header name; a name must be legal, differ from the others in more than case, and be none of framing or of one connection',
    accepts: areUserHeaders,
  },
  applyTo: APPLY_TO_RULE,
} satisfies Record<keyof BearerOptions<unknown>, FactoryRule>;

const VERIFY_RULE: FactoryRule = {
  expected: 'a function of the token',
  isRequired: true,
  accepts: (value) => typeof value === 'function',
};

/**
 * An interceptor that lets calls with a valid `Authorization: Bearer <token>` pass (RFC 6750 section
 * 2.1). The others are 401 `UNAUTHENTICATED`.
 *
 * @throws TypeError for an option that cannot be
 */
export function bearerAuth<User>(options: BearerAuthOptions<User>): Interceptor {
  checkFactoryOptions('bearerAuth', options, { ...BEARER_RULES, verify: VERIFY_RULE });
  return createBearerAuth(options);
}

/** The same with options that are checked. */
export function createBearerAuth<User>(options: BearerAuthOptions<User>): Interceptor {
  const { verify, optional = false, stateKey = 'user' } = options;
  const origins = new Set<CallOrigin>(options.applyTo ?? ['http']);
  const userHeaders = new UserHeaders(options.headers);
  const challenges = createChallenges(options.realm);

  function refuse(call: Call, cause: unknown): GatewayCallError {
    const failure = { status: 401, code: 'UNAUTHENTICATED', text: 'invalidToken', cause } as const;
    return createFailure(call, failure).withResponseHeaders({
      'www-authenticate': challenges.invalid,
    });
  }

  async function readUser(token: string, call: Call): Promise<User> {
    let user: User | undefined | null | false;
    try {
      user = await verify(token, call);
    } catch (thrown) {
      if (!isErrorStatus(membersOf(thrown)['status'])) throw refuse(call, thrown);
      throw withChallenge(toHookFailure('verify', thrown), challenges.invalid);
    }
    if (user !== undefined && user !== null && user !== false) return user;
    throw refuse(call, new Error('verify knows no user of the token'));
  }

  const interceptor: Interceptor = (next) => async (given) => {
    const isGuarded = origins.has(given.origin);
    // What the server itself says through `api` stands; what a browser says is never believed.
    if (!isGuarded && !given.client) return next(given);
    const call = userHeaders.withoutCopies(given);
    if (!isGuarded) return next(call);
    const credentials = readToken(given.headers);
    if (credentials.kind === 'malformed') {
      throw refuse(call, new Error('The Authorization header has no well-formed bearer token'));
    }
    if (credentials.kind === 'missing') {
      if (optional) return next(call);
      throw createFailure(call, {
        status: 401,
        code: 'UNAUTHENTICATED',
        text: 'unauthenticated',
        cause: new Error('The call brings no bearer token'),
      }).withResponseHeaders({ 'www-authenticate': challenges.missing });
    }
    const user = await readUser(credentials.token, call);
    call.state[stateKey] = user;
    return next(await userHeaders.withUser(call, user));
  };
  return Object.assign(interceptor, { readsData: false });
}

/** RFC 9110 section 15.5.2: a 401 has a challenge, also one that `verify` throws. */
function withChallenge(failure: GatewayCallError, challenge: string): GatewayCallError {
  const isMissing =
    failure.error.status === 401 &&
    readHeader(failure.responseHeaders, 'www-authenticate') === undefined;
  return isMissing ? failure.withResponseHeaders({ 'www-authenticate': challenge }) : failure;
}
