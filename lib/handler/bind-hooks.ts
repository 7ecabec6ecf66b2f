import type { AnyGatewayConfig } from '../config/gateway-config';
import type { HookRequest, HookResponse } from '../config/hook-types';
import type { BoundHooks } from './handler-message';

/** The user's hooks, bound to request and response; those that are not there are left out. */
export function bindHooks(
  req: HookRequest,
  res: HookResponse,
  config: AnyGatewayConfig,
): BoundHooks {
  const { onUnknownAction, onBeforeAction, onRequestSuccess, onRequestFailed } = config;
  const { withDebugHeaders } = config;
  const hooks: { -readonly [name in keyof BoundHooks]: BoundHooks[name] } = {
    getAuthArgs: (hook) => hook(req, res),
  };
  const { handlerMiddlewares, errorMiddlewares } = config;
  if (handlerMiddlewares?.length) {
    hooks.middlewares = handlerMiddlewares.map((middleware) => ({
      name: middleware.name,
      run: (next) => middleware(req, res, next),
    }));
  }
  if (errorMiddlewares?.length) {
    hooks.errorMiddlewares = errorMiddlewares.map((middleware) => ({
      name: middleware.name,
      run: (error, next) => middleware(error, req, res, next),
    }));
  }
  if (onUnknownAction) hooks.onUnknownAction = (target) => onUnknownAction(req, res, target);
  if (onBeforeAction) {
    hooks.onBeforeAction = ({ scope, service, action }, definition) =>
      onBeforeAction(req, res, scope, service, action, definition);
  }
  if (onRequestSuccess) hooks.onRequestSuccess = (data) => onRequestSuccess(req, res, data);
  if (onRequestFailed) hooks.onRequestFailed = (error) => onRequestFailed(req, res, error);
  if (typeof withDebugHeaders === 'function') {
    hooks.withDebugHeaders = () => withDebugHeaders(req, res);
  } else if (withDebugHeaders) hooks.withDebugHeaders = () => withDebugHeaders;
  return hooks;
}
