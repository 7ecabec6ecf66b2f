import { expectTypeOf } from 'expect-type';
import { defineSchema, getGatewayControllers, rest } from '../../lib';
import type { GatewayCallError, GatewayError, GatewayActionUnaryResponse } from '../../lib';

const get = <Name extends string>(name: Name) =>
  rest<{ from: Name }, { id: string }>()({ method: 'GET', path: `/${name}` });

const root = defineSchema({
  users: { actions: { get: get('root.users.get'), _private: get('root.users._private') } },
  billing: { actions: { pay: get('root.billing.pay'), invoices: get('root.billing.invoices') } },
});
const billing = defineSchema({
  invoices: { actions: { list: get('billing.invoices.list') } },
  users: { actions: { get: get('billing.users.get') } },
});

const { api } = getGatewayControllers({ root, billing });
const call = { args: { id: '1' } };

export async function callTree() {
  expectTypeOf((await api.users.get(call)).responseData.from).toEqualTypeOf<'root.users.get'>();
  expectTypeOf(
    (await api.root.users.get(call)).responseData.from,
  ).toEqualTypeOf<'root.users.get'>();
  expectTypeOf(
    (await api.billing.users.get(call)).responseData.from,
  ).toEqualTypeOf<'billing.users.get'>();

  // A scope with the name of a root service has both.
  expectTypeOf((await api.billing.pay(call)).responseData.from).toEqualTypeOf<'root.billing.pay'>();
  expectTypeOf(
    (await api.root.billing.pay(call)).responseData.from,
  ).toEqualTypeOf<'root.billing.pay'>();

  // An action of the root service with the name of a service of the scope carries its actions.
  expectTypeOf(
    (await api.billing.invoices(call)).responseData.from,
  ).toEqualTypeOf<'root.billing.invoices'>();
  expectTypeOf(
    (await api.billing.invoices.list(call)).responseData.from,
  ).toEqualTypeOf<'billing.invoices.list'>();

  // Private actions are there for callers on the server.
  expectTypeOf(
    (await api.users._private(call)).responseData.from,
  ).toEqualTypeOf<'root.users._private'>();
}

export function callWrongly() {
  // @ts-expect-error no such scope or root service
  void api.orders;
  // @ts-expect-error a service of another scope
  void api.root.invoices;
  // @ts-expect-error no such action
  void api.users.remove;
  // @ts-expect-error an action of the service with this name in another scope
  void api.billing.users._private;
  // @ts-expect-error only the actions of the root service are merged, not its scope
  void api.billing.billing;
  // @ts-expect-error an action is called, not its service
  void api.users({ args: { id: '1' } });
}

type Answer = Awaited<ReturnType<typeof api.users.get>>;
expectTypeOf<Answer>().toEqualTypeOf<GatewayActionUnaryResponse<{ from: 'root.users.get' }>>();
expectTypeOf<Answer['debugHeaders']>().toEqualTypeOf<Record<string, string>>();
expectTypeOf<Answer['responseHeaders']>().toEqualTypeOf<
  Record<string, string | string[]> | undefined
>();
expectTypeOf<GatewayCallError>().toExtend<Error>();
expectTypeOf<GatewayCallError['error']>().toEqualTypeOf<GatewayError>();
expectTypeOf<GatewayCallError['debugHeaders']>().toEqualTypeOf<Record<string, string>>();

const { close } = getGatewayControllers({});
expectTypeOf(close).parameter(0).toEqualTypeOf<{ graceMs?: number } | undefined>();
