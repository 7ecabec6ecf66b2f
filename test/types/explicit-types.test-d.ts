import express from 'express';
import express4 from 'express4-types';
import { expectTypeOf } from 'expect-type';
import { defineSchema, getGatewayControllers, rest } from '../../lib';
import type { GatewayConfig, GatewayContext, GatewayRequest } from '../../lib';

class Ctx implements GatewayContext {
  readonly mine = 'mine';
  create(_name: string): Ctx {
    return this;
  }
  log(_message: string): void {}
  logError(_message: string, _error?: unknown): void {}
  end(): void {}
}

const schema = defineSchema({
  users: {
    actions: {
      get: rest<{ id: string }, { id: string }>()({ method: 'GET', path: '/' }),
    },
  },
});

// Scopes, context, request and response named by the caller.

const config: GatewayConfig<Ctx, express.Request, express.Response> = {
  installation: 'main',
  env: 'production',
  onBeforeAction(req, res, scope, service, action) {
    expectTypeOf(req).toEqualTypeOf<express.Request>();
    expectTypeOf(res).toEqualTypeOf<express.Response>();
    expectTypeOf([scope, service, action]).toEqualTypeOf<string[]>();
    res.cookie('seen', req.get('cookie'));
  },
  onRequestFailed: (req, res, error) => res.status(error.status).send({ ip: req.ip, ...error }),
  sendStats: (stats, _headers, ctx) => ctx.log(`${ctx.mine} ${stats.requestTime}`),
};
const typed = getGatewayControllers<
  { root: typeof schema },
  Ctx,
  express.Request,
  express.Response
>({ root: schema }, config);
expectTypeOf(typed.controller).parameter(0).toEqualTypeOf<express.Request>();
void typed.api.users.get({ args: { id: '1' }, ctx: new Ctx() });
// @ts-expect-error a context of another type
void typed.api.users.get({ args: { id: '1' }, ctx: { end: () => undefined } });
// @ts-expect-error not a schema
getGatewayControllers<{ root: { users: 1 } }>({ root: { users: 1 } });

// The same types, inferred from annotated hooks.

const inferred = getGatewayControllers(
  { root: schema },
  {
    getAuthArgs: (req: express.Request, res: express.Response) => [req.ip, res.locals],
    // @ts-expect-error no such option
    onBefore: () => undefined,
  },
);
expectTypeOf(inferred.controller).parameter(0).toEqualTypeOf<express.Request>();

// A request of the caller's own, with members that a middleware has put there.

interface OwnRequest extends GatewayRequest<Ctx> {
  session: { user: string };
}
getGatewayControllers<{ root: typeof schema }, Ctx, OwnRequest>(
  { root: schema },
  { getAuthArgs: ({ session, ctx }) => ({ user: session.user, by: ctx?.mine }) },
);

// Controllers are mounted without a cast, on Express 5 and 4, on apps and routers.

const untyped = getGatewayControllers({ root: schema });
for (const controller of [untyped.controller, typed.controller]) {
  const app5 = express();
  app5.post('/gateway/:scope/:service/:action', controller);
  app5.post('/gateway{/:scope}/:service/:action', express.json(), controller);
  app5.use(controller);
  express.Router().all('/:service/:action', controller);
}
const app4 = express4();
app4.post('/gateway/:scope?/:service/:action', express4.json(), untyped.controller);
app4.use(untyped.controller);
express4.Router().all('/:service/:action', untyped.controller);

const typed4 = getGatewayControllers<
  { root: typeof schema },
  Ctx,
  express4.Request,
  express4.Response
>({ root: schema }, { onRequestSuccess: (_req, res, data) => res.status(201).json(data) });
app4.post('/gateway/:service/:action', typed4.controller);
