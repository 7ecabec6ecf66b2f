import type { CallHandler } from '../call/action';
import { isProxyDefinition, optionsOf } from '../schema/define';
import type { SchemasByScope } from '../schema/definitions';
import { isRecord } from '../schema/endpoints';
import type { ActionSource } from '../schema/walk';
import { createRunMock } from './run-mock';

/** Answers in place of an action's backend, which is then not compiled; undefined where it is called. */
export type MockFor = (source: ActionSource) => CallHandler | undefined;

const WITHOUT_MOCK = {
  written: 'a stream that the caller writes has no mock',
  proxy: 'a proxy has no mock',
};

type Level = readonly [name: string, of: 'scope' | 'service' | 'action'];

/**
 * Checks that every mock is of an action.
 *
 * @throws TypeError that names the mock
 */
export function compileMocks(
  mocks: unknown,
  schemas: SchemasByScope,
  defaultTimeoutMs: number,
): MockFor {
  for (const [scope, services] of entriesOf(mocks, 'mocks')) {
    const schema = memberOf(schemas, [scope, 'scope'], 'mocks');
    for (const [service, actions] of entriesOf(services, `mocks.${scope}`)) {
      const definition = memberOf(schema, [service, 'service'], `mocks.${scope}`);
      const place = `mocks.${scope}.${service}`;
      const known = (definition as { actions?: unknown } | null)?.actions;
      for (const [name] of entriesOf(actions, place)) {
        assertMockable(memberOf(known, [name, 'action'], place), `${place}.${name}`);
      }
    }
  }

  return function mockFor({ scope, service, name, definition }) {
    const mock = [scope, service, name].reduce(ownMember, mocks);
    if (mock === undefined) return undefined;
    const { timeout } = optionsOf(definition);
    const isStream = kindOf(definition) === 'serverStream';
    return createRunMock({
      mock,
      isStream,
      timeoutMs: timeout ?? (typeof definition === 'function' ? 0 : defaultTimeoutMs),
    });
  };
}

function entriesOf(given: unknown, place: string): [string, unknown][] {
  if (given === undefined) return [];
  if (!isRecord(given)) throw new TypeError(`gatewayPlugin: ${place} must be an object`);
  return Object.entries(given);
}

function memberOf(given: unknown, [name, what]: Level, place: string): unknown {
  if (isRecord(given) && Object.hasOwn(given, name)) return given[name];
  throw new TypeError(`gatewayPlugin: ${place}.${name}: there is no such ${what} in the schemas`);
}

function ownMember(given: unknown, name: string): unknown {
  return isRecord(given) && Object.hasOwn(given, name) ? given[name] : undefined;
}

function kindOf(definition: unknown): unknown {
  return (definition as { type?: unknown } | null)?.type;
}

function assertMockable(definition: unknown, place: string): void {
  const kind = kindOf(definition);
  const isWritten = kind === 'clientStream' || kind === 'bidi';
  if (isWritten) throw new TypeError(`gatewayPlugin: ${place}: ${WITHOUT_MOCK.written}`);
  // It has a handler of its own, which the plugin does not mount.
  if (isProxyDefinition(definition)) {
    throw new TypeError(`gatewayPlugin: ${place}: ${WITHOUT_MOCK.proxy}`);
  }
}
