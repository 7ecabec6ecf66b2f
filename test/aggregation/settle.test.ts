import { GatewayCallError, optional, required, settle } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { failureOf } from '../servers/start-rest-action';
import { watchProcess } from '../servers/watch-process';
import { errorOf, startPage } from './start-page';

watchProcess();

const say = (text: string) => (api: any) => api.s.say({ text });
const fail = (status: number) => (api: any) => api.s.fail({ status });

test('the parts of REST and gRPC come together by their keys', async () => {
  const { post, call } = await startPage((api) =>
    settle(api, {
      user: required(say('ada')),
      item: required((api) => api.items.get({ itemId: 'pot' })),
      plain: required(() => 5),
      both: optional((api) => Promise.all([say('a')(api), say('b')(api)])),
    }),
  );
  const settled = {
    data: {
      user: { said: 'ada' },
      item: expect.objectContaining({ itemId: 'pot' }),
      plain: 5,
      both: [{ said: 'a' }, { said: 'b' }],
    },
    errors: [],
  };
  expect(await post()).toMatchObject({ status: 200, json: settled });
  expect((await call()).responseData).toEqual(settled);
});

test('all parts run at once', async () => {
  let meet!: () => void;
  const met = new Promise<void>((resolve) => (meet = resolve));
  const { post } = await startPage((api) =>
    settle(api, {
      first: required(() => met.then(() => 'first')),
      second: required(() => (meet(), 'second')),
    }),
  );
  expect((await post()).json).toMatchObject({ data: { first: 'first', second: 'second' } });
});

test('no parts are no failure', async () => {
  const { post } = await startPage((api) => settle(api, {}));
  expect(await post()).toMatchObject({ status: 200, json: { data: {}, errors: [] } });
});

test('optional parts that fail give fallback or null, and are listed without what was said', async () => {
  const { post } = await startPage((api) =>
    settle(api, {
      user: required(say('ada')),
      orders: optional(fail(500), { fallback: [] }),
      item: optional((api) => api.items.get({ itemId: 'none' })),
      nothing: optional(fail(404), { fallback: undefined }),
    }),
  );
  const { status, json } = await post();
  expect(status).toBe(200);
  expect(json).toEqual({
    data: { user: { said: 'ada' }, orders: [], item: null },
    errors: [
      { key: 'orders', code: 'CODE_500', status: 500 },
      { key: 'item', code: 'GATEWAY_REQUEST_ERROR', status: 404 },
      { key: 'nothing', code: 'CODE_404', status: 404 },
    ],
  });
});

test('L4: the code of an optional part is short, whatever the service sends', async () => {
  const { post } = await startPage((api) =>
    settle(api, {
      user: required(say('ada')),
      orders: optional(() => Promise.reject(Object.assign(new Error(), { code: 'x'.repeat(1e6) }))),
    }),
  );
  const { errors } = (await post()).json;
  expect(errors[0].code).toMatch(/^x{1,256}$/);
});

/** Those of RFC 9110, and some that upstreams answer besides. */
const STATUSES = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418,
  421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 460, 499, 500, 501, 502, 503, 504, 505, 506,
  507, 508, 510, 511, 520, 599,
];
const PASSED_ON = [400, 401, 402, 403, 404, 409, 410, 412, 422, 423, 428, 429, 451, 501, 503, 504];

test.each(STATUSES)(
  'a required part whose service answers %i fails the action with what it said',
  async (status) => {
    const { post, call } = await startPage((api) => settle(api, { user: required(fail(status)) }));
    const expected = PASSED_ON.includes(status) ? status : 502;
    const { code, message, details } = errorOf(status);
    const answer = await post();
    expect(answer.status).toBe(expected);
    expect(answer.json).toMatchObject({
      status: expected,
      code,
      message,
      details: { ...details, part: 'user' },
      requestId: expect.any(String),
    });
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ error: { status: expected }, cause: { error: { status } } });
    expect(failure.debugHeaders['x-api-request-url']).toContain('/fail/');
  },
);

test('a required part over gRPC passes the status of its code on, and the code itself', async () => {
  const { post } = await startPage((api) =>
    settle(api, { item: required((api) => api.items.get({ itemId: 'none' })) }),
  );
  const details = { title: 'NOT_FOUND', grpcCode: 5, part: 'item' };
  const message = 'There is no such item';
  expect(await post()).toMatchObject({ status: 404, json: { status: 404, message, details } });
});

test('a service that cannot be reached is 502 with the code of the connection', async () => {
  const { post, service } = await startPage((api) => settle(api, { user: required(say('ada')) }));
  await service.close();
  expect(await post()).toMatchObject({
    status: 502,
    json: { code: 'ECONNREFUSED', details: { part: 'user' } },
  });
});

test('I3: an arg that the path does not admit is the caller`s fault still', async () => {
  const page = (api: unknown, { text }: { text: string }) =>
    settle(api, { user: required(say(text)) });
  const { post } = await startPage(page);
  expect(await post({ text: '../x' })).toMatchObject({
    status: 400,
    json: { code: 'GATEWAY_INVALID_PARAM_VALUE', details: { part: 'user' } },
  });
});

const own = (members: object) => Object.assign(new Error('Broken'), members);

test.each<[string, unknown, object]>([
  ['an Error', own({}), { status: 500, code: 'GATEWAY_REQUEST_ERROR', message: 'Broken' }],
  ['an Error with a status', own({ status: 418, code: 'TEA' }), { status: 418, code: 'TEA' }],
  ['error data', { error: { status: 405, code: 'NO', message: 'no' } }, { status: 405 }],
  ['details that are a text', { error: { status: 409, details: 'd' } }, { status: 409 }],
  ['null', null, { status: 500, message: 'Internal error' }],
])(
  'K1: %s that a required part throws is told as in any mixed action',
  async (_name, thrown, is) => {
    const throwing = () => {
      throw thrown;
    };
    for (const part of [throwing, () => Promise.resolve().then(throwing)]) {
      const { post } = await startPage((api) => settle(api, { user: required(part) }));
      const { status, json } = await post();
      expect(json).toMatchObject({ ...is, details: { part: 'user' } });
      expect(status).toBe(json.status);
    }
  },
);

test('what an optional part throws of its own accord is logged', async () => {
  const { call } = await startPage((api) =>
    settle(api, {
      user: required(say('ada')),
      broken: optional(() => {
        throw new TypeError('x is not a function');
      }),
    }),
  );
  const recording = createRecordingContext();
  const { responseData } = await call({ ctx: recording.ctx });
  const code = 'GATEWAY_REQUEST_ERROR';
  expect(responseData.errors).toEqual([{ key: 'broken', code, status: 500 }]);
  expect(JSON.stringify(responseData)).not.toContain('function');
  const [page] = recording.children();
  expect(page).toMatchObject({
    errors: [
      { message: 'The optional part broken failed', error: { message: 'x is not a function' } },
    ],
  });
});

test('when all parts have failed that is 502, in the language of the caller, with their codes', async () => {
  const { post } = await startPage((api) =>
    settle(api, {
      user: optional(fail(404), { fallback: {} }),
      orders: optional(fail(503)),
    }),
  );
  const parts = [
    { key: 'user', code: 'CODE_404', status: 404 },
    { key: 'orders', code: 'CODE_503', status: 503 },
  ];
  expect(await post({}, { 'accept-language': 'ru' })).toMatchObject({
    status: 502,
    json: {
      code: 'ALL_PARTS_FAILED',
      message: 'Ни один из сервисов не дал пригодного ответа',
      details: { parts },
      requestId: expect.any(String),
    },
  });
});

test('headers of the failure are answered with its own status only', async () => {
  const refuse = (status: number) => () => {
    const refused = new GatewayCallError({ status, code: 'NO', message: 'no' });
    throw refused.withResponseHeaders({ 'www-authenticate': 'Bearer' });
  };
  const page = (api: unknown, { status }: { status: number }) =>
    settle(api, { user: required(refuse(status)) });
  const { post } = await startPage(page);
  expect((await post({ status: 401 })).headers['www-authenticate']).toBe('Bearer');
  expect((await post({ status: 407 })).headers).not.toHaveProperty('www-authenticate');
});

test('a part may settle parts of its own', async () => {
  const { post } = await startPage((api) =>
    settle(api, {
      inner: required((api) =>
        settle(api, { user: required(say('ada')), orders: optional(fail(500)) }),
      ),
    }),
  );
  expect((await post()).json).toEqual({
    data: {
      inner: {
        data: { user: { said: 'ada' }, orders: null },
        errors: [{ key: 'orders', code: 'CODE_500', status: 500 }],
      },
    },
    errors: [],
  });
});
