import { jwtAuth } from '../../../lib';
import type { JwtAuthOptions } from '../../../lib';
import { startGateway } from '../../servers/start-gateway';
import type { Answer } from '../../servers/start-upstream';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';
import {
  audience,
  claimsOf,
  issuer,
  makeEcKey,
  makeRsaKey,
  sign,
  startIssuer,
} from './start-issuer';
import type { SigningKey } from './start-issuer';

watchProcess();

const first = makeRsaKey('first');
const second = makeEcKey('second');

async function start(keys: SigningKey[], options: Partial<JwtAuthOptions> = {}) {
  const signer = await startIssuer(keys);
  const guard = jwtAuth({ jwksUri: signer.jwksUri, issuer, audience, ...options });
  const s = { actions: { run: () => 'done' }, interceptors: [guard] };
  const { post } = await startGateway({ root: { s } });
  const ask = (token: string) => post('s/run', {}, { authorization: `Bearer ${token}` });
  return { ask, signer, statusOf: async (token: string) => (await ask(token)).status };
}

test('calls that come together fetch the keys once, and later ones not at all', async () => {
  const { statusOf, signer } = await start([first, second]);
  const tokens = [await sign(first), await sign(second), await sign(first)];
  expect(await Promise.all(tokens.map(statusOf))).toEqual([200, 200, 200]);
  expect(await statusOf(tokens[0]!)).toBe(200);
  expect(signer.fetches).toBe(1);
});

test('a key that appears is fetched, and one that is gone is no longer accepted', async () => {
  const { statusOf, signer } = await start([first], { jwksCooldownSec: 0 });
  expect(await statusOf(await sign(first))).toBe(200);
  signer.keys = [second];
  expect(await statusOf(await sign(second))).toBe(200);
  expect(await statusOf(await sign(first))).toBe(401);
});

test('unknown keys cause no fetch within the cooldown', async () => {
  const { statusOf, signer } = await start([first]);
  for (let i = 0; i < 20; i++) {
    expect(await statusOf(await sign({ ...first, kid: `invented-${i}` }))).toBe(401);
  }
  expect(signer.fetches).toBe(1);
});

test('a token without the name of a key may be signed by any of the set', async () => {
  const [one, two, foreign] = [makeRsaKey('1'), makeRsaKey('2'), makeRsaKey('3')];
  const { ask, statusOf } = await start([one, two]);
  const nameless = ({ alg, privateKey }: SigningKey, claims = claimsOf()) =>
    sign({ alg, privateKey }, claims);
  expect(await statusOf(await nameless(one))).toBe(200);
  expect(await statusOf(await nameless(two))).toBe(200);
  const expired = await nameless(two, claimsOf({ exp: 1 }));
  for (const token of [await nameless(foreign), expired]) {
    expect((await ask(token)).headers['www-authenticate']).toContain('invalid_token');
  }
});

test('a token signed by another key under the name of ours is 401', async () => {
  const { statusOf } = await start([first]);
  expect(await statusOf(await sign(makeRsaKey('first')))).toBe(401);
});

test('a public key of the set is no secret, and none is no algorithm', async () => {
  const { statusOf, signer } = await start([first]);
  const pem = first.publicKey.export({ type: 'spki', format: 'pem' });
  const confused = { alg: 'HS256', kid: 'first', privateKey: Buffer.from(pem) };
  expect(await statusOf(await sign(confused))).toBe(401);
  const header = Buffer.from('{"alg":"none","kid":"first"}').toString('base64url');
  const [, claims] = (await sign(first)).split('.');
  expect(await statusOf(`${header}.${claims}.`)).toBe(401);
  expect(signer.fetches).toBe(0);
});

test('a secret in the set is not used', async () => {
  const { statusOf, signer } = await start([]);
  const secret = Buffer.alloc(32, 's');
  const jwk = { kty: 'oct', kid: 'oct', k: secret.toString('base64url') };
  signer.answer = (_request, response) => sendJson(response, { keys: [jwk] });
  expect(await statusOf(await sign({ alg: 'HS256', kid: 'oct', privateKey: secret }))).toBe(401);
});

test.each<[string, Answer]>([
  ['fails', (_request, response) => sendJson(response, {}, 500)],
  ['has moved', (_request, response) => response.writeHead(302, { location: '/other' }).end()],
  ['answers a page', (_request, response) => response.end('<html>')],
  ['answers no key set', (_request, response) => sendJson(response, { keys: 'none' })],
  ['hangs up', (_request, _response, message) => message.socket.destroy()],
  ['never answers', () => undefined],
])('a key server that %s is 503 for the call, and nothing of it is kept', async (_what, answer) => {
  const { ask, statusOf, signer } = await start([first], { jwksTimeoutMs: 300 });
  const token = await sign(first);
  signer.answer = answer;
  const { status, json, headers, text } = await ask(token);
  expect({ status, code: json.code }).toEqual({ status: 503, code: 'JWKS_UNAVAILABLE' });
  expect(json.message).toBe('Access tokens cannot be checked at the moment');
  expect(headers['www-authenticate']).toBeUndefined();
  expect(text).not.toMatch(/127\.0\.0\.1|fetch|keys/);
  signer.answer = undefined;
  expect(await statusOf(token)).toBe(200);
});

test('a key server that is down is 503, also for optional tokens', async () => {
  const { ask, signer } = await start([first], { optional: true });
  await signer.server.close();
  const { status, json } = await ask(await sign(first));
  expect({ status, code: json.code }).toEqual({ status: 503, code: 'JWKS_UNAVAILABLE' });
});

test('keys that are too old are not used while the key server is down', async () => {
  const { statusOf, signer } = await start([first], { jwksMaxAgeSec: 0 });
  const token = await sign(first);
  expect(await statusOf(token)).toBe(200);
  await signer.server.close();
  expect(await statusOf(token)).toBe(503);
});

test('known keys serve on while the key server is down, and unknown ones do no harm', async () => {
  const { statusOf, signer } = await start([first]);
  const token = await sign(first);
  expect(await statusOf(token)).toBe(200);
  await signer.server.close();
  expect(await statusOf(await sign({ ...first, kid: 'invented' }))).toBe(401);
  expect(await statusOf(token)).toBe(200);
});

test('building the gateway and calls without a token fetch nothing (S1)', async () => {
  const { signer } = await start([first]);
  const guard = jwtAuth({ jwksUri: signer.jwksUri, issuer, audience });
  const upstream = await startUpstream();
  const actions = { run: { method: 'GET', path: '/' } as const };
  const { post } = await startGateway({
    root: { s: { endpoints: upstream.url, actions, interceptors: [guard] } },
  });
  expect((await post('s/run')).status).toBe(401);
  expect(signer.fetches).toBe(0);
});
