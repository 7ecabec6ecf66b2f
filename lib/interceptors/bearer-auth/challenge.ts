/** Printable ASCII: RFC 9110 section 5.6.4 without what would have to be encoded. */
export function isRealm(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value);
}

/** Values of WWW-Authenticate. */
export interface Challenges {
  /** RFC 6750 section 3.1: who has sent no token is told of no error. */
  readonly missing: string;
  readonly invalid: string;
}

export function createChallenges(realm: string | undefined): Challenges {
  const quoted = realm?.replace(/["\\]/g, (character) => `\\${character}`);
  const parameters = quoted === undefined ? [] : [`realm="${quoted}"`];
  const error = [
    'error="invalid_token"',
    'error_description="The access token is malformed, invalid or expired"',
  ];
  return {
    missing: ['Bearer', ...parameters].join(' '),
    invalid: `Bearer ${[...parameters, ...error].join(', ')}`,
  };
}
