import type { ResolvedConfig } from '../config/resolve-config';
import { isHalfCalledHelper, optionsOf } from '../schema/define';
import type { ActionEndpoint, ServiceDefinition } from '../schema/definitions';
import { nameOf } from '../schema/walk';
import type { ActionSource } from '../schema/walk';
import { createBuildErrors } from './build-errors';
import type { BuildErrors } from './build-errors';
import { findNearestName } from './nearest-name';
import {
  ACTION_RULES,
  AXIOS_RULES,
  CONFIG_RULES,
  LIMIT_RULES,
  SERVICE_RULES,
} from './option-rules';
import type { OptionRules } from './option-rules';

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : describe(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

/** Numbers and enumerations; what is null is left out. The text of `fault` names the place. */
function checkValues(
  given: unknown,
  rules: OptionRules,
  fault: (name: string, text: string) => Error,
): void {
  const values = (given ?? {}) as Record<string, unknown>;
  for (const [name, rule] of Object.entries(rules)) {
    const value = values[name] ?? undefined;
    if (!rule || value === undefined || rule.accepts(value)) continue;
    throw fault(name, `is ${show(value)}, expected ${rule.expected}`);
  }
}

/** A misspelt option would do nothing, in silence. */
function warnOfUnknown(
  place: string,
  given: object,
  rules: OptionRules,
  errors: BuildErrors,
): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(rules, name)) continue;
    const nearest = findNearestName(name, Object.keys(rules));
    const meant = nearest === undefined ? '' : `, did you mean ${nearest}?`;
    errors.warn(`${place}: unknown field ${JSON.stringify(name)}${meant}`);
  }
}

export function checkConfig(config: ResolvedConfig): void {
  const errors = createBuildErrors(config);
  const check = (place: string, given: unknown, rules: OptionRules) =>
    checkValues(given, rules, (name, text) => {
      return errors.create('INVALID_CONFIG', `${place}.${name} ${text}`);
    });
  check('config', config, CONFIG_RULES);
  check('config.limits', config.limits, LIMIT_RULES);
  check('config.axiosConfig', config.axiosConfig, AXIOS_RULES);
  warnOfUnknown('config', config, CONFIG_RULES, errors);
  warnOfUnknown('config.limits', config.limits, LIMIT_RULES, errors);
}

export function checkService(place: string, service: ServiceDefinition, errors: BuildErrors): void {
  checkValues(service, SERVICE_RULES, (name, text) => {
    return errors.create('INVALID_SERVICE', `Service ${place}: ${name} ${text}`);
  });
  warnOfUnknown(`Service ${place}`, service, SERVICE_RULES, errors);
}

export function checkAction(
  source: ActionSource,
  kind: keyof typeof ACTION_RULES,
  errors: BuildErrors,
): void {
  const { definition } = source;
  const place = `Action ${nameOf(source)}`;
  if (isHalfCalledHelper(definition)) {
    const forms = 'rest<Response, Args>()({...}), grpc<Response, Args>()({...}) or mixed(function)';
    const text = `${place} is a helper that is not called to its end, expected ${forms}`;
    throw errors.create('INVALID_ACTION', text);
  }
  const given = optionsOf(definition);
  checkValues(given, ACTION_RULES[kind], (name, text) => {
    return errors.create('INVALID_ACTION', `${place}: ${name} ${text}`);
  });
  warnOfUnknown(place, given, ACTION_RULES[kind], errors);
}

export function checkEndpointOptions(
  source: ActionSource,
  endpoint: ActionEndpoint | undefined,
  errors: BuildErrors,
): void {
  const { axiosConfig } = (typeof endpoint === 'object' ? endpoint : {}) as Record<string, unknown>;
  checkValues(axiosConfig, AXIOS_RULES, (name, text) => {
    const place = `Action ${nameOf(source)}: axiosConfig.${name} of its endpoint`;
    return errors.create('INVALID_ENDPOINT', `${place} ${text}`);
  });
}
