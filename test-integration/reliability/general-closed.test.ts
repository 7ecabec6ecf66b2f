import { failureOf } from '../../test/servers/start-rest-action';
import { checkLeaks } from './check-leaks';
import { expectCoded } from './failing-hook';
import { promise } from './promise';
import { KINDS, startService } from './start-service';
import type { Kind, ServiceOptions } from './start-service';

checkLeaks();

const odd = ['text', 5, true, Symbol('odd'), () => ({}), 10n];
const noFunctions = odd.filter((made) => typeof made !== 'function');
const notPaths = [true, null, undefined, {}, [], Symbol('odd')];
const common = (name: string) => (hook: () => unknown) => ({ common: { [name]: hook } });
const returning: [string, (hook: () => unknown) => ServiceOptions, unknown[], readonly Kind[]][] = [
  ['getAuthHeaders', common('getAuthHeaders'), odd, KINDS],
  ['proxyHeaders', common('proxyHeaders'), odd, KINDS],
  ['params', common('params'), noFunctions, KINDS],
  ['endpoint', common('endpoint'), [...odd, undefined, null, {}, { path: 5 }], KINDS],
  ['path', (path) => ({ rest: { path } }), notPaths, ['rest', 'mixed']],
];
const shapes = returning.flatMap(([name, place, made, kinds]) =>
  kinds.map((kind) => ({ name, place, made, kind })),
);

promise(
  'G5',
  'When a hook that decides about access, identity or content returns what it must not, the call fails, and nothing is sent.',
  (express) => {
    test.each(shapes)('$name, $kind', async ({ place, made, kind }) => {
      let returned: unknown;
      const { post, s, sent } = await startService(
        express,
        place(() => returned),
      );
      for (const one of made) {
        returned = one;
        expectCoded(await post(kind));
        expect((await failureOf(s[kind]!())).error.status).toBeGreaterThanOrEqual(400);
      }
      expect(sent()).toBe(0);
    });
  },
);

promise(
  'G5',
  'What is not allowed by name, schema or content type never gets through.',
  (express) => {
    const required = { type: 'object', required: ['id'] };
    const cases: [string, ServiceOptions, readonly string[], number, boolean][] = [
      [
        'an action that is not in `actions`',
        { config: { actions: ['root.s.restFails'] } },
        KINDS,
        404,
        false,
      ],
      ['an empty `actions`', { config: { actions: [] } }, KINDS, 404, false],
      [
        'args against the schema of the config',
        { config: { validationSchema: required } },
        KINDS,
        400,
        false,
      ],
      [
        'a content type that is not expected',
        { config: { expectedResponseContentType: 'text/csv' } },
        ['rest', 'restStream'],
        415,
        true,
      ],
    ];

    test.each(cases)('%s', async (_name, options, actions, status, isSent) => {
      const { post, sent } = await startService(express, options);
      for (const action of actions) {
        const answer = await post(action);
        expectCoded(answer);
        expect(answer.status).toBe(status);
      }
      expect(sent() > 0).toBe(isSent);
    });
  },
);

const throwing = (): never => {
  throw new Error('boom');
};
const rejecting = (): any => Promise.reject(new Error('boom'));
const odd5 = (): any => 5;
const ways = { throws: throwing, rejects: rejecting, 'returns a number': odd5 };
const MEMBERS = ['create', 'log', 'logError', 'end', 'stats', 'getMetadata', 'getTraceId'];
const logger = (way: () => any) => ({ debug: way, info: way, warn: way, error: way });

class Wrapping extends Error {
  static wrap = throwing;
}

const observers = Object.entries(ways).flatMap(([how, way]): [string, ServiceOptions][] => [
  ...MEMBERS.map((name): [string, ServiceOptions] => [
    `ctx.${name} that ${how}`,
    { ctx: { [name]: way } },
  ]),
  [
    `a ctx of which every member ${how}`,
    { ctx: Object.fromEntries(MEMBERS.map((name) => [name, way])) },
  ],
  [
    `a redaction that ${how}`,
    { ctx: { utils: { redactSensitiveHeaders: way, redactSensitiveKeys: way } } },
  ],
  [`a sendStats that ${how}`, { config: { sendStats: way } }],
  [`a withDebugHeaders that ${how}`, { config: { withDebugHeaders: way } }],
  [`a proxyDebugHeaders that ${how}`, { config: { proxyDebugHeaders: way } }],
  [`a logger that ${how}`, { config: { logger: logger(way), sendStats: throwing } }],
]);

const PLAIN = [
  'rest',
  'grpc',
  'mixed',
  'restFails',
  'grpcFails',
  'mixedFails',
  'restStream',
  'none',
];
const same = ({ status, json }: { status: number; json: object }) => ({
  status,
  json: { ...json, requestId: 'r' },
});

promise(
  'G5',
  'What only observes never changes the outcome, whatever it does: stats, logs, contexts, debug headers.',
  (express) => {
    let expected: unknown[];
    let expectedSent: number;
    const ask = async (options: ServiceOptions) => {
      const { post, sent } = await startService(express, options);
      const answers: unknown[] = [];
      for (const action of PLAIN) answers.push(same(await post(action)));
      return { answers, sent: sent() };
    };

    beforeAll(async () => {
      const { answers, sent } = await ask({});
      [expected, expectedSent] = [answers, sent];
    });

    const named: [string, ServiceOptions][] = [
      ...observers,
      ['an ErrorConstructor whose wrap throws', { config: { ErrorConstructor: Wrapping } }],
    ];
    test.each(named)('%s', async (_name, options) => {
      expect(await ask(options)).toEqual({ answers: expected, sent: expectedSent });
    });
  },
);
