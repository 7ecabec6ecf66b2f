import fc from 'fast-check';
import { getGatewayControllers } from '../../lib';
import { listen, startUpstream } from '../servers/start-upstream';
import { createServer } from 'node:http';
import express from 'express';
import { anyJson, anyText } from './arbitraries';
import { expectAnswer } from './expect-answer';
import { createClient } from './front-door';
import { property } from './property';

const SCOPES = ['root', 'a', 'a.b', '__proto__'];
const SERVICES = ['s', 'b.s', 'constructor'];
const NAMES = ['get', 's.get', '_own', '*', 'toString'];

let controller: any;
let ask: ReturnType<typeof createClient>;
let schemas: any;

beforeAll(async () => {
  const upstream = await startUpstream((_request, response) => {
    upstream.requests.length = 0;
    response.end();
  });
  const fill = (names: string[], value: object) =>
    Object.fromEntries(names.map((name) => [name, value]));
  const actions = fill(NAMES, { method: 'GET', path: '/' });
  schemas = fill(SCOPES, fill(SERVICES, { endpoints: upstream.url, actions }));
  const app = express();
  app.post('/gateway/:scope/:service/:action', (req, res) => controller(req, res));
  ask = createClient((await listen(createServer(app))).port);
});

type Names = readonly [scope: string, service: string, action: string];

/** What an entry is for, by the three forms of the contract; several where names with dots meet. */
function meaningsOf(entry: string): { kind: string; has: (names: Names) => boolean }[] {
  const meanings = [];
  for (const scope of SCOPES) {
    if (entry === `${scope}.*`)
      meanings.push({ kind: scope, has: (names: Names) => names[0] === scope });
    for (const service of SERVICES) {
      const isOf = (names: Names) => names[0] === scope && names[1] === service;
      if (entry === `${scope}.${service}.*`)
        meanings.push({ kind: `${scope} ${service}`, has: isOf });
      for (const name of NAMES) {
        const has = (names: Names) => isOf(names) && names[2] === name;
        if (entry === `${scope}.${service}.${name}`)
          meanings.push({ kind: `${scope} ${service} ${name}`, has });
      }
    }
  }
  return meanings;
}

const part = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...SCOPES, ...SERVICES, ...NAMES) },
  fc.constantFrom('*', '**', '', '.', 'S', 'ge', '_'),
);
const entry = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...SCOPES), fc.constantFrom(...SERVICES), fc.constantFrom(...NAMES))
      .map((all) => all.join('.')),
  },
  fc
    .tuple(fc.constantFrom(...SCOPES), fc.constantFrom(...SERVICES))
    .map((all) => `${all.join('.')}.*`),
  fc.constantFrom(...SCOPES).map((scope) => `${scope}.*`),
  fc.array(part, { minLength: 1, maxLength: 4 }).map((all) => all.join('.')),
  anyText,
);
const asked = fc.tuple(
  fc.constantFrom(...SCOPES),
  fc.constantFrom(...SERVICES),
  fc.constantFrom(...NAMES),
);

property(
  'I2: a list of actions allows what it names and nothing else, or fails the build',
  fc.record({
    actions: fc.array(entry, { maxLength: 3 }),
    asked: fc.array(asked, { minLength: 1, maxLength: 4 }),
  }),
  async ({ actions, asked: all }) => {
    const meanings = actions.map(meaningsOf);
    const isSound = meanings.every(({ length }) => length === 1);
    const build = () => (controller = getGatewayControllers(schemas, { actions }).controller);
    if (!isSound) {
      expect(build).toThrow(expect.objectContaining({ code: 'INVALID_ACTIONS' }));
      return;
    }
    build();
    for (const names of all) {
      const answer = await ask({ path: `/gateway/${names.map(encodeURIComponent).join('/')}` });
      expectAnswer(answer);
      const isAllowed = meanings.flat().some(({ has }) => has(names)) && !names[2].startsWith('_');
      expect([names, answer.status]).toEqual([names, isAllowed ? 200 : 404]);
    }
  },
);

property('I2: a list that is none fails the build', anyJson.value, (actions) => {
  const isTexts =
    Array.isArray(actions) && actions.every((one) => meaningsOf(one as string).length === 1);
  const build = () => getGatewayControllers(schemas, { actions } as never);
  if (!isTexts && actions !== null)
    expect(build).toThrow(expect.objectContaining({ code: 'INVALID_ACTIONS' }));
  return Promise.resolve();
});
