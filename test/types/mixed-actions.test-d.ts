import { expectTypeOf } from 'expect-type';
import type express from 'express';
import { defineSchema, getGatewayControllers, getTypedApiFactory, mixed, rest } from '../../lib';
import type {
  ApiServiceMixedActionConfig,
  ApiServiceMixedExtra,
  GatewayContext,
  GatewayRequest,
  GatewayResponse,
} from '../../lib';

interface User {
  id: string;
}
interface Ctx extends GatewayContext {
  mine: string;
}

const base = defineSchema({
  users: {
    actions: {
      get: rest<User, { id: string }>()({ method: 'GET', path: ({ id }) => `/users/${id}` }),
      list: rest<User[]>()({ method: 'GET', path: '/users' }),
      _count: rest<number>()({ method: 'GET', path: '/users/count' }),
    },
  },
});
const billing = defineSchema({
  users: {
    actions: { pay: rest<{ paid: boolean }, { sum: number }>()({ method: 'POST', path: '/' }) },
  },
});

type Schemas = { root: typeof base; billing: typeof billing };
const toTyped = getTypedApiFactory<Schemas>();

const pages = defineSchema({
  pages: {
    actions: {
      plain: async (api, { id }: { id: string }, { headers, lang }) => {
        expectTypeOf(headers).toEqualTypeOf<ApiServiceMixedExtra['headers']>();
        expectTypeOf(lang).toEqualTypeOf<string>();
        const { users, billing: paying } = toTyped(api);
        const user = await users.get({ id });
        const { paid } = await paying.users.pay({ sum: 1 });
        return { user, paid };
      },
      withoutArgs: () => Promise.resolve('done' as const),
      optionalArgs: (_api: unknown, args?: { page: number }) => args?.page ?? 0,
      helper: mixed(
        async (api, { id }: { id: string }, { abortSignal }) => {
          expectTypeOf(abortSignal).toEqualTypeOf<AbortSignal | undefined>();
          return toTyped(api).root.users.get({ id });
        },
        { timeout: 1000, validationSchema: {}, abortOnClientDisconnect: true, metadata: 1 },
      ),
      cast: ((_api, { id }) => Promise.resolve({ id })) as ApiServiceMixedActionConfig<
        Ctx,
        GatewayRequest<Ctx>,
        GatewayResponse,
        unknown,
        { id: string },
        User
      >,
      withExpress: ((_api, _args, { config }) => {
        expectTypeOf<
          Parameters<NonNullable<typeof config.onRequestSuccess>>[0]
        >().toEqualTypeOf<express.Request>();
        return Promise.resolve(1);
      }) as ApiServiceMixedActionConfig<GatewayContext, express.Request, express.Response>,
    },
  },
});

export async function callMixed() {
  const { api } = getGatewayControllers({ root: base, billing, pages });

  const plain = await api.pages.pages.plain({ args: { id: '1' } });
  expectTypeOf(plain.responseData).toEqualTypeOf<{ user: User; paid: boolean }>();
  const withoutArgs = await api.pages.pages.withoutArgs();
  expectTypeOf(withoutArgs.responseData).toEqualTypeOf<'done'>();
  const optional = await api.pages.pages.optionalArgs();
  expectTypeOf(optional.responseData).toEqualTypeOf<number>();
  const helper = await api.pages.pages.helper({ args: { id: '1' } });
  expectTypeOf(helper.responseData).toEqualTypeOf<User>();
  const cast = await api.pages.pages.cast({ args: { id: '1' } });
  expectTypeOf(cast.responseData).toEqualTypeOf<User>();

  // @ts-expect-error args are required
  void api.pages.pages.plain();
  // @ts-expect-error a field of another type
  void api.pages.pages.helper({ args: { id: 1 } });
  // @ts-expect-error a field of another type
  void api.pages.pages.optionalArgs({ args: { page: 'one' } });
  // @ts-expect-error options of a mixed action have no retries
  mixed(() => 1, { retries: 1 });
}

export async function callContextApi(untyped: unknown) {
  const api = toTyped(untyped);

  expectTypeOf(await api.users.get({ id: '1' })).toEqualTypeOf<User>();
  expectTypeOf(await api.root.users.list()).toEqualTypeOf<User[]>();
  expectTypeOf(await api.root.users._count({})).toEqualTypeOf<number>();
  expectTypeOf(await api.billing.users.pay({ sum: 1 })).toEqualTypeOf<{ paid: boolean }>();

  // @ts-expect-error args are taken directly
  void api.users.get({ args: { id: '1' } });
  // @ts-expect-error args are required
  void api.users.get();
  // @ts-expect-error no such scope or root service
  void api.other;
  // @ts-expect-error no such service
  void api.billing.orders;
  // @ts-expect-error no such action
  void api.users.remove;
}
