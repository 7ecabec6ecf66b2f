import { getGatewayControllers, mixed } from '../../lib';
import { startGateway } from '../../test/servers/start-gateway';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';
import { KINDS, startKinds } from './start-kinds';

checkLeaks();

/** Counts how often anything in the schema is looked at. */
function watchReads(schema: object): { schema: object; count: () => number } {
  let reads = 0;
  const watch = (value: object): object =>
    new Proxy(value, {
      get(target, key) {
        reads++;
        const member: unknown = Reflect.get(target, key);
        return typeof member === 'object' && member !== null ? watch(member) : member;
      },
      ownKeys(target) {
        reads++;
        return Reflect.ownKeys(target);
      },
    });
  return { schema: watch(schema), count: () => reads };
}

const byId = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } };

promise(
  'I6',
  'A validation schema is compiled when the gateway is built, never by a call.',
  (express) => {
    test.each(['of the action', 'of the config'])('%s', async (place) => {
      const { schema, count } = watchReads(byId);
      const isOwn = place === 'of the action';
      const run = mixed(() => 'ok', isOwn ? { validationSchema: schema } : {});
      const config = isOwn ? {} : { validationSchema: schema };
      const { post, api } = await startGateway({ root: { s: { actions: { run } } } }, config, {
        express,
      });
      const before = count();
      expect(before).toBeGreaterThan(0);
      for (let i = 0; i < 10; i++) {
        expect(await post('s/run', { id: i })).toMatchObject({ status: 200 });
        expect(await post('s/run', { id: 'x' })).toMatchObject({ status: 400 });
        await expect(api.s.run({ args: { id: i } })).resolves.toMatchObject({ responseData: 'ok' });
      }
      expect(count()).toBe(before);
    });
  },
);

function warningsOf(validationSchema: object): string[] {
  const warnings: string[] = [];
  const quiet = () => undefined;
  const warn = (...entry: unknown[]) => void warnings.push(JSON.stringify(entry));
  const run = mixed(() => 'ok', { validationSchema });
  getGatewayControllers(
    { root: { s: { actions: { run } } } },
    { logger: { debug: quiet, info: quiet, warn, error: quiet } },
  );
  return warnings;
}

const NESTED = [
  ...['(a+)+$', '^(a*)*$', '^([a-z]+)*$', '^(\\w+\\s?)*$', '(?:a+){2,}', '((ab)*c)*', '(a{2,})*'],
  ...['^(?<word>[^.]+\\.?)+$', '(a|b+)+', '([+*]+x)*', '(.*a){20}', '^(\\d+){12}$'],
];
const LINEAR = [
  ...['^[a-z]+$', '(ab)+', '^(\\d{2}){3}$', '(?:a|b)*', '[(a+)+]+', '\\(a+\\)+', '^a+(b)*$'],
  ...['^\\d{1,3}(\\.\\d{1,3}){3}$', '^(?:\\d{1,3}\\.){3}\\d{1,3}$', '^(a+)?$'],
];

promiseOnce(
  'I6',
  'A pattern with nested quantifiers is named in a warning to `config.logger` when the gateway is built, wherever in the schema it is.',
  () => {
    test.each(NESTED)('%s', (pattern) => {
      const text = { type: 'string', pattern };
      for (const schema of [
        { properties: { a: text } },
        { properties: { list: { items: { anyOf: [text, { type: 'null' }] } } } },
        { $defs: { text }, properties: { a: { $ref: '#/$defs/text' } } },
        { patternProperties: { [pattern]: { type: 'string' } } },
      ]) {
        const warnings = warningsOf(schema);
        expect(warnings).toHaveLength(1);
        expect(warnings[0]).toContain(JSON.stringify(pattern).slice(1, -1));
        expect(warnings[0]).toContain('root.s.run');
      }
    });

    test.each(LINEAR)('but not %s', (pattern) => {
      expect(warningsOf({ properties: { a: { type: 'string', pattern } } })).toEqual([]);
    });
  },
);

const SECRET = 'canary-48151623';
const invalid: [string, object, object][] = [
  ['type', { a: { type: 'integer' } }, { a: SECRET }],
  ['enum', { a: { enum: ['x', 'y'] } }, { a: SECRET }],
  ['const', { a: { const: 'x' } }, { a: SECRET }],
  ['pattern', { a: { pattern: '^[a-z]+$' } }, { a: SECRET }],
  ['maxLength', { a: { maxLength: 3 } }, { a: SECRET }],
  ['maximum', { a: { maximum: 3 } }, { a: 48151623 }],
  ['multipleOf', { a: { multipleOf: 2 } }, { a: 48151623 }],
  ['uniqueItems', { a: { uniqueItems: true } }, { a: [SECRET, SECRET] }],
  ['items', { a: { items: { type: 'boolean' } } }, { a: [true, SECRET] }],
  ['contains', { a: { contains: { const: 'x' } } }, { a: [SECRET] }],
  ['oneOf', { a: { oneOf: [{ type: 'number' }, { type: 'null' }] } }, { a: SECRET }],
  ['not', { a: { not: { type: 'string' } } }, { a: SECRET }],
  ['if', { a: { if: { type: 'string' }, then: { const: 'x' } } }, { a: SECRET }],
  ['additionalProperties', { a: { additionalProperties: false } }, { a: { [SECRET]: SECRET } }],
  ['propertyNames', { a: { propertyNames: { maxLength: 2 } } }, { a: { [SECRET]: 1 } }],
  ['required', { a: { required: ['b'] } }, { a: { c: SECRET } }],
];

promise(
  'I6',
  'INVALID_PARAMS says which argument does not fit and how, never its value: not in the answer, not in debug headers, not in the log; nothing is sent.',
  (express) => {
    test.each(invalid)('%s', async (_keyword, properties, args) => {
      const logged: unknown[] = [];
      const log = (...entry: unknown[]) => void logged.push(entry);
      const logger = { debug: log, info: log, warn: log, error: log };
      const { post, call, count } = await startKinds(express, {
        definition: { validationSchema: { type: 'object', properties } },
        config: { logger, withDebugHeaders: true },
      });
      for (const kind of KINDS) {
        const { status, json, headers } = await post(kind, args);
        const told = { status: 400, code: 'INVALID_PARAMS', message: expect.any(String) };
        expect({ status, json }).toMatchObject({ status: 400, json: told });
        expect(json.details.description).toMatch(/^args\/a/);
        const failure = await call(kind, { args }).catch((error: any) => error);
        expect(failure.error).toMatchObject(told);
        const all = [json, headers, failure.error, failure.debugHeaders, failure.message, logged];
        expect(JSON.stringify(all)).not.toMatch(/canary|48151623/);
      }
      expect(count()).toBe(0);
    });
  },
);
