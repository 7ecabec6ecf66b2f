import { expectTypeOf } from 'expect-type';
import {
  aggregate,
  defineSchema,
  getGatewayControllers,
  getTypedApiFactory,
  mixed,
  optional,
  required,
  rest,
  settle,
} from '../../lib';
import type { ApiServiceMixedExtra, PartError } from '../../lib';

interface User {
  id: string;
}
interface Order {
  total: number;
}

const base = defineSchema({
  users: {
    actions: {
      get: rest<User, { id: string }>()({ method: 'GET', path: ({ id }) => `/users/${id}` }),
      orders: rest<Order[], { userId: string }>()({ method: 'GET', path: '/orders' }),
    },
  },
});
const toTyped = getTypedApiFactory<{ root: typeof base }>();

export async function settleParts(untyped: unknown) {
  const api = toTyped(untyped);
  const settled = await settle(api, {
    user: required((api) => api.users.get({ id: '1' }), { timeoutMs: 100 }),
    withFallback: optional((api) => api.users.orders({ userId: '1' }), { fallback: [] }),
    withOther: optional((api) => api.users.orders({ userId: '1' }), { fallback: 'none' }),
    withUndefined: optional((api) => api.users.orders({ userId: '1' }), { fallback: undefined }),
    withNull: optional((api) => api.users.orders({ userId: '1' })),
    timed: optional((api) => api.users.get({ id: '1' }), { timeoutMs: 100 }),
    noPromise: required(() => 1),
    async: required(async (api, { abortSignal }) => {
      expectTypeOf(abortSignal).toEqualTypeOf<AbortSignal>();
      const user = await api.users.get({ id: '1' });
      return { user, orders: await api.users.orders({ userId: user.id }) };
    }),
    either: required((api, { abortSignal }) => {
      return abortSignal.aborted ? null : api.users.get({ id: '1' });
    }),
  });

  expectTypeOf(settled.data).toEqualTypeOf<{
    user: User;
    withFallback: Order[];
    withOther: Order[] | string;
    withUndefined: Order[] | undefined;
    withNull: Order[] | null;
    timed: User | null;
    noPromise: number;
    async: { user: User; orders: Order[] };
    either: User | null;
  }>();
  expectTypeOf(settled.errors).toEqualTypeOf<PartError<keyof typeof settled.data>[]>();
  expectTypeOf(settled.errors[0]!.code).toEqualTypeOf<string>();
  expectTypeOf(settled.errors[0]!.status).toEqualTypeOf<number>();

  // @ts-expect-error neither required nor optional
  void settle(api, { user: () => api.users.get({ id: '1' }) });
  // @ts-expect-error no such action
  void settle(api, { user: required((api) => api.users.remove()) });
  // @ts-expect-error args of another type
  void settle(api, { user: required((api) => api.users.get({ id: 1 })) });
  // @ts-expect-error a required part has no fallback
  required(() => 1, { fallback: 2 });
  // @ts-expect-error milliseconds are a number
  optional(() => 1, { timeoutMs: '1' });
  const withArgs = required((_api: unknown, { id }: { id: string }) => id);
  // @ts-expect-error what reads args is for `aggregate`
  void settle(api, { withArgs });
}

export async function settleInMixed() {
  const page = mixed((api, { id }: { id: string }) =>
    settle(api, { user: required((api) => toTyped(api).users.get({ id })) }),
  );
  const { data } = await page({}, { id: '1' }, {} as ApiServiceMixedExtra);
  expectTypeOf(data).toEqualTypeOf<{ user: User }>();
}

const pages = defineSchema({
  pages: {
    actions: {
      overview: aggregate({
        parts: {
          user: required((api, { id }: { id: string }) => toTyped(api).users.get({ id })),
          orders: optional(
            (api, { page }: { page: number }, extra) => {
              expectTypeOf(extra).toEqualTypeOf<ApiServiceMixedExtra>();
              return toTyped(api).users.orders({ userId: String(page) });
            },
            { fallback: [], timeoutMs: 800 },
          ),
          now: required(() => Date.now()),
        },
        timeout: 1000,
        validationSchema: {},
        abortOnClientDisconnect: true,
      }),
      withoutArgs: aggregate({ parts: { now: required(() => 1), other: optional((_api) => 2) } }),
    },
  },
});

export async function callAggregates() {
  const { api } = getGatewayControllers({ root: base, pages });

  const { responseData } = await api.pages.pages.overview({ args: { id: '1', page: 2 } });
  expectTypeOf(responseData.data).toEqualTypeOf<{ user: User; orders: Order[]; now: number }>();
  expectTypeOf(responseData.errors[0]!.key).toEqualTypeOf<'user' | 'orders' | 'now'>();
  const withoutArgs = await api.pages.pages.withoutArgs();
  expectTypeOf(withoutArgs.responseData.data).toEqualTypeOf<{
    now: number;
    other: number | null;
  }>();

  // @ts-expect-error args are required
  void api.pages.pages.overview();
  // @ts-expect-error one part needs another arg
  void api.pages.pages.overview({ args: { id: '1' } });
  // @ts-expect-error options of a mixed action have no retries
  aggregate({ parts: {}, retries: 1 });
  // @ts-expect-error neither required nor optional
  aggregate({ parts: { now: () => 1 } });
}
