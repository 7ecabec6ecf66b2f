import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtAuth } from '../../../lib';
import type { JwtAuthOptions } from '../../../lib';
import { failureOf } from '../../servers/start-rest-action';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';
import { audience, claimsOf, issuer, makeEcKey, makeRsaKey, sign } from './start-issuer';

watchProcess();

const rsa = makeRsaKey();
const ec = makeEcKey();
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const secret = 'a secret of thirty-two characters';
const hs = { alg: 'HS256', privateKey: Buffer.from(secret) };
const common = { issuer, audience };

async function start(options: Partial<JwtAuthOptions>) {
  const upstream = await startUpstream(({ headers }, response) => {
    sendJson(response, { user: headers['x-user'] });
  });
  const headers = { 'x-user': ({ sub }: { sub?: string }) => sub };
  const guard = jwtAuth({ ...common, headers, applyTo: ['http', 'api'], ...options });
  const s = {
    endpoints: upstream.url,
    actions: { run: { method: 'GET', path: '/' } as const },
    interceptors: [guard],
  };
  const gateway = await startGateway({ root: { s } });
  const ask = async (token: string) => {
    const { status, headers, json } = await gateway.post(
      's/run',
      {},
      { authorization: `Bearer ${token}` },
    );
    return { status, json, challenge: headers['www-authenticate'] };
  };
  const causeOf = async (token: string) => {
    const call = { headers: { authorization: `Bearer ${token}` } } as never;
    return (await failureOf(gateway.api.s.run(call))).cause as { code?: string };
  };
  return { ask, causeOf, upstream };
}

test.each<[string, Partial<JwtAuthOptions>, () => Promise<string>]>([
  ['a secret', { secret }, () => sign(hs)],
  ['a secret in bytes', { secret: new Uint8Array(Buffer.from(secret)) }, () => sign(hs)],
  ['a key in PEM', { publicKey: pem }, () => sign(rsa)],
  ['a key of RSA, with PSS', { publicKey: rsa.publicKey }, () => sign({ ...rsa, alg: 'PS256' })],
  ['a key of EC', { publicKey: ec.publicKey }, () => sign(ec)],
  ['one of several issuers', { secret, issuer: ['x', issuer] }, () => sign(hs)],
  ['one of several audiences', { secret, audience: ['x', audience] }, () => sign(hs)],
  ['a token of several audiences', { secret }, () => sign(hs, claimsOf({ aud: ['y', audience] }))],
])('a valid token passes, and its payload is the user: %s', async (_what, options, make) => {
  const { ask } = await start(options);
  expect(await ask(await make())).toMatchObject({ status: 200, json: { user: 'ann' } });
});

test('Ed25519 keys are accepted', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { ask } = await start({ publicKey });
  expect(await ask(await sign({ alg: 'EdDSA', privateKey }))).toMatchObject({ status: 200 });
});

const past = Math.floor(Date.now() / 1000) - 100;
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const foreign = makeRsaKey();

test.each<[string, () => string | Promise<string>, string]>([
  ['expired', () => sign(rsa, claimsOf({ exp: past })), 'ERR_JWT_EXPIRED'],
  [
    'not yet valid',
    () => sign(rsa, claimsOf({ nbf: past + 700 })),
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'without an end',
    () => sign(rsa, claimsOf({ exp: undefined as never })),
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'for another audience',
    () => sign(rsa, claimsOf({ aud: 'bank' })),
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'for no audience',
    () => sign(rsa, claimsOf({ aud: undefined as never })),
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'of another issuer',
    () => sign(rsa, claimsOf({ iss: 'https://other' })),
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'of no issuer',
    () => sign(rsa, claimsOf({ iss: undefined as never })),
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  ['signed by another key', () => sign(foreign), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  [
    'signed with the public key as secret',
    () => sign({ alg: 'HS256', privateKey: Buffer.from(pem) }),
    'ERR_JOSE_ALG_NOT_ALLOWED',
  ],
  ['of another kind of key', () => sign(ec), 'ERR_JOSE_ALG_NOT_ALLOWED'],
  [
    'unsigned',
    () => `${encode({ alg: 'none' })}.${encode(claimsOf())}.`,
    'ERR_JOSE_ALG_NOT_ALLOWED',
  ],
  [
    'unsigned in capitals',
    () => `${encode({ alg: 'NONE' })}.${encode(claimsOf())}.`,
    'ERR_JOSE_ALG_NOT_ALLOWED',
  ],
  [
    'with an unknown critical header',
    () =>
      sign(rsa, claimsOf(), {}).then((token) =>
        token.replace(/^[^.]+/, encode({ alg: 'RS256', crit: ['x'], x: 1 })),
      ),
    'ERR_JOSE_NOT_SUPPORTED',
  ],
  [
    'with changed claims',
    () =>
      sign(rsa).then((token) =>
        token.replace(/\.[^.]+\./, `.${encode(claimsOf({ sub: 'bob' }))}.`),
      ),
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  ],
  ['garbage', () => 'garbage', 'ERR_JWS_INVALID'],
  ['dots', () => 'a.b.c', 'ERR_JWS_INVALID'],
  ['three times nothing', () => '..', 'ERR_JWS_INVALID'],
  ['five parts', () => 'a.b.c.d.e', 'ERR_JWS_INVALID'],
  ['a long text', () => 'x'.repeat(8000), 'ERR_JWS_INVALID'],
])(
  'a token that is %s is 401 invalid_token, the reason only in the cause',
  async (_what, make, code) => {
    const { ask, causeOf, upstream } = await start({ publicKey: rsa.publicKey });
    const token = await make();
    const { status, json, challenge } = await ask(token);
    expect({ status, code: json.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect(challenge).toMatch(/^Bearer error="invalid_token"/);
    expect(JSON.stringify(json)).not.toMatch(/ERR_|claim|signature/i);
    expect((await causeOf(token)).code).toBe(code);
    expect(upstream.requests).toHaveLength(0);
  },
);

test('with a secret, tokens of public keys and of other lengths are refused', async () => {
  const { ask } = await start({ secret });
  for (const key of [rsa, ec, { alg: 'HS384', privateKey: Buffer.alloc(48, secret) }]) {
    expect((await ask(await sign(key))).status).toBe(401);
  }
});

test('algorithms may be narrowed', async () => {
  const { ask } = await start({ publicKey: rsa.publicKey, algorithms: ['PS256'] });
  expect((await ask(await sign(rsa))).status).toBe(401);
  expect((await ask(await sign({ ...rsa, alg: 'PS256' }))).status).toBe(200);
});

test('clockToleranceSec admits a clock that differs', async () => {
  const token = await sign(hs, claimsOf({ exp: past }));
  expect((await (await start({ secret })).ask(token)).status).toBe(401);
  expect((await (await start({ secret, clockToleranceSec: 1000 })).ask(token)).status).toBe(200);
});

test('concurrent first tokens are all verified', async () => {
  const { ask } = await start({ secret });
  const tokens = await Promise.all(
    Array.from({ length: 50 }, (_item, i) => sign(hs, claimsOf({ sub: `user-${i}` }))),
  );
  const answers = await Promise.all(tokens.map(ask));
  expect(answers.map(({ json }) => json.user)).toEqual(tokens.map((_token, i) => `user-${i}`));
});

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });

test.each<[string, object, RegExp]>([
  ['no key', {}, /exactly one of jwksUri, secret and publicKey/],
  ['two keys', { secret, publicKey: pem }, /exactly one/],
  ['no issuer', { secret, issuer: undefined }, /issuer must be/],
  ['an issuer of null', { secret, issuer: null }, /issuer must be/],
  ['no audience', { secret, audience: undefined }, /audience must be/],
  ['an empty audience', { secret, audience: [] }, /audience must be/],
  ['a short secret', { secret: 'x'.repeat(31) }, /at least 32 bytes/],
  ['an empty secret', { secret: '' }, /at least 32 bytes/],
  ['a public key as secret', { secret: pem }, /no PEM/],
  ['the algorithm none', { secret, algorithms: ['none'] }, /algorithms must be of HS256/],
  ['no algorithms', { secret, algorithms: [] }, /algorithms must be/],
  [
    'HS256 with a public key',
    { publicKey: pem, algorithms: ['RS256', 'HS256'] },
    /algorithms must be of RS256/,
  ],
  ['HS256 with a key set', { jwksUri: 'https://a.example', algorithms: ['HS256'] }, /algorithms/],
  ['RS256 with a secret', { secret, algorithms: ['RS256'] }, /algorithms must be of HS256 with/],
  [
    'HS512 with a short secret',
    { secret, algorithms: ['HS512'] },
    /algorithms must be of HS256 with/,
  ],
  [
    'ES256 with a key of RSA',
    { publicKey: pem, algorithms: ['ES256'] },
    /algorithms must be of RS256/,
  ],
  ['a private key', { publicKey: rsa.privateKey }, /publicKey must be a public key/],
  [
    'a private key in PEM',
    { publicKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) },
    /publicKey must be a public key/,
  ],
  ['a short key', { publicKey: weak.publicKey }, /2048 bits/],
  [
    'a key that signs nothing',
    { publicKey: generateKeyPairSync('x25519').publicKey },
    /publicKey must be/,
  ],
  ['garbage as key', { publicKey: 'garbage' }, /publicKey must be/],
  ['a certificate path', { publicKey: '/etc/ssl/key.pem' }, /publicKey must be/],
  [
    'a key set over http',
    { jwksUri: 'http://keys.example/jwks' },
    /jwksUri must be a URL of https/,
  ],
  ['a host that begins like loopback', { jwksUri: 'http://127.0.0.1.example/jwks' }, /jwksUri/],
  ['a key set in a file', { jwksUri: 'file:///etc/jwks', allowInsecureJwksUri: true }, /jwksUri/],
  ['a key set that is no URL', { jwksUri: 'keys' }, /jwksUri must be a URL/],
  ['a negative tolerance', { secret, clockToleranceSec: -1 }, /clockToleranceSec/],
  ['an endless tolerance', { secret, clockToleranceSec: Infinity }, /clockToleranceSec/],
  ['no time to fetch', { jwksUri: 'https://a.example', jwksTimeoutMs: 0 }, /jwksTimeoutMs/],
  ['a verify of its own', { secret, verify: () => ({}) }, /no option verify/],
  ['a framing header', { secret, headers: { te: () => 'x' } }, /jwtAuth: headers must be/],
])(
  '%s is refused when the interceptor is made, and no secret is shown (G6)',
  (_what, options, message) => {
    const make = () => jwtAuth({ ...common, ...options });
    expect(make).toThrow(message);
    expect(make).not.toThrow(/a secret of thirty|BEGIN/);
  },
);

test('a key set over http may be allowed, and a URL given', () => {
  const jwksUri = new URL('http://keys.example/jwks');
  expect(() => jwtAuth({ ...common, jwksUri, allowInsecureJwksUri: true })).not.toThrow();
  expect(() => jwtAuth({ ...common, jwksUri: 'http://[::1]:1/jwks' })).not.toThrow();
  expect(() => jwtAuth({ ...common, publicKey: createPublicKey(pem) })).not.toThrow();
});
