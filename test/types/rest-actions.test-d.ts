import { expectTypeOf } from 'expect-type';
import { defineSchema, getGatewayControllers, rest } from '../../lib';
import type { ApiServiceRestActionConfig, GatewayContext } from '../../lib';

interface User {
  id: string;
  name: string;
}

const schema = defineSchema({
  users: {
    endpoints: 'http://upstream',
    actions: {
      plain: { method: 'GET', path: '/plain' },
      byPath: { method: 'GET', path: ({ id }: { id: string }) => `/users/${id}` },
      byParams: {
        method: 'POST',
        path: () => '/users',
        params: ({ name }: { name: string }) => ({ body: { name } }),
      },
      byBoth: {
        method: 'PUT',
        path: ({ id }: { id: string }) => `/users/${id}`,
        params: async ({ name }: { name: string }) => Promise.resolve({ body: { name } }),
      },
      transformed: {
        method: 'GET',
        path: '/count',
        transformResponseData: (data: { users: User[] }) => data.users.length,
      },
      transformedLater: {
        method: 'GET',
        path: '/first',
        transformResponseData: async (data: User[], { args }: { args: { at: number } }) =>
          Promise.resolve(data[args.at]?.name),
      },
      helper: rest<User, { id: string }>()({
        method: 'GET',
        path: ({ id }) => {
          expectTypeOf(id).toEqualTypeOf<string>();
          return `/users/${id}`;
        },
      }),
      helperTransformed: rest<User, { id: string }>()({
        method: 'GET',
        path: '/users',
        transformResponseData: (user, { args }) => {
          expectTypeOf(args).toEqualTypeOf<{ id: string }>();
          return user.name.length;
        },
      }),
      responseOnly: rest<User[]>()({ method: 'GET', path: '/users' }),
      cast: {
        method: 'GET',
        path: '/users',
        transformResponseData: (users) => users.length,
      } as ApiServiceRestActionConfig<GatewayContext, User[], { page: number }, number>,
      castUntransformed: {
        method: 'GET',
        path: '/users',
      } as ApiServiceRestActionConfig<GatewayContext, User[], { page?: number }>,
      untyped: { method: 'GET', path: '/users' } as ApiServiceRestActionConfig,
    },
  },
});

const { users } = getGatewayControllers({ root: schema }).api;

type Data<Call extends (...args: never[]) => unknown> =
  Awaited<ReturnType<Call>> extends { responseData: infer Result } ? Result : never;
type Args<Call extends (...args: never[]) => unknown> =
  NonNullable<Parameters<Call>[0]> extends { args?: infer Given } ? Given : never;

// A plain literal: args as its functions annotate them, data as its transform returns it.

expectTypeOf<Data<typeof users.plain>>().toEqualTypeOf<unknown>();
expectTypeOf<Args<typeof users.byPath>>().toEqualTypeOf<{ id: string }>();
expectTypeOf<Args<typeof users.byParams>>().toEqualTypeOf<{ name: string }>();
expectTypeOf<Args<typeof users.byBoth>>().toExtend<{ id: string; name: string }>();
expectTypeOf<Data<typeof users.transformed>>().toEqualTypeOf<number>();
expectTypeOf<Data<typeof users.transformedLater>>().toEqualTypeOf<string | undefined>();
expectTypeOf<Args<typeof users.transformedLater>>().toEqualTypeOf<{ at: number }>();

// rest<Response, Args>()

expectTypeOf<Args<typeof users.helper>>().toEqualTypeOf<{ id: string }>();
expectTypeOf<Data<typeof users.helper>>().toEqualTypeOf<User>();
expectTypeOf<Data<typeof users.helperTransformed>>().toEqualTypeOf<number>();
expectTypeOf<Data<typeof users.responseOnly>>().toEqualTypeOf<User[]>();

// A cast

expectTypeOf<Args<typeof users.cast>>().toEqualTypeOf<{ page: number }>();
expectTypeOf<Data<typeof users.cast>>().toEqualTypeOf<number>();
expectTypeOf<Data<typeof users.castUntransformed>>().toEqualTypeOf<User[]>();
expectTypeOf<Data<typeof users.untyped>>().toEqualTypeOf<unknown>();

// A plain object, its actions cast or made by a helper

const plainSchema = {
  users: {
    serviceName: 'user-service',
    endpoints: { main: { production: { endpoint: 'http://upstream', other: { path: '/' } } } },
    actions: {
      get: { method: 'GET', path: '/' } as ApiServiceRestActionConfig<any, User, { id: string }>,
      list: rest<User[]>()({ method: 'GET', path: '/' }),
      count: (_api: unknown, { least }: { least: number }) => Promise.resolve(least),
    },
  },
};
const plain = getGatewayControllers({ root: plainSchema }).api.users;
expectTypeOf<Args<typeof plain.get>>().toEqualTypeOf<{ id: string }>();
expectTypeOf<Data<typeof plain.get>>().toEqualTypeOf<User>();
expectTypeOf<Data<typeof plain.list>>().toEqualTypeOf<User[]>();
expectTypeOf<Args<typeof plain.count>>().toEqualTypeOf<{ least: number }>();
expectTypeOf<Data<typeof plain.count>>().toEqualTypeOf<number>();

// An object that says it is constant, and a literal where it is used

const constant = { users: { actions: { list: { method: 'GET', path: '/' } } } } as const;
void getGatewayControllers({ root: constant }).api.users.list();
const inPlace = getGatewayControllers({
  root: { users: { actions: { get: { method: 'GET', path: ({ id }: User) => id } } } },
});
expectTypeOf<Args<typeof inPlace.api.users.get>>().toEqualTypeOf<User>();

// What is optional may be left out, what is required may not.

void users.plain();
void users.plain({});
void users.responseOnly();
void users.castUntransformed();
void users.castUntransformed({ args: {} });
void users.byPath({ args: { id: '1' } });
// @ts-expect-error args are required
void users.byPath();
// @ts-expect-error args are required
void users.byPath({});
// @ts-expect-error a field is required
void users.byPath({ args: {} });
// @ts-expect-error a field of another type
void users.byPath({ args: { id: 1 } });
// @ts-expect-error a field that the action does not have
void users.byPath({ args: { id: '1', name: 'n' } });
// @ts-expect-error one field of two
void users.byBoth({ args: { id: '1' } });
// @ts-expect-error a field of another type
void users.cast({ args: { page: 'one' } });
// @ts-expect-error a call has no such option
void users.plain({ arguments: {} });

// Definitions are checked where they are written.

defineSchema({
  users: {
    actions: {
      // @ts-expect-error not a method
      wrongMethod: { method: 'FETCH', path: '/' },
      // @ts-expect-error a path is a string or a function
      wrongPath: { method: 'GET', path: 1 },
      // @ts-expect-error no path
      noPath: { method: 'GET' },
      // @ts-expect-error a timeout is a number
      wrongTimeout: { method: 'GET', path: '/', timeout: '1s' },
    },
  },
});
// @ts-expect-error the transform reads a field that the response does not have
rest<User>()({ method: 'GET', path: '/', transformResponseData: (user) => user.age });
// @ts-expect-error the path reads an argument that there is not
rest<User, { id: string }>()({ method: 'GET', path: ({ key }) => `/${key}` });
