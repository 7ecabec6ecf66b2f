import { thrownValues } from '../../test/fakes/thrown-values';
import type { Answered } from '../../test/servers/start-gateway';
import { KINDS } from './start-service';
import type { Kind, ServiceOptions } from './start-service';

type Hook = (...given: any[]) => any;

/** A hook by the name of the option, and where it is given. */
export interface HookPlace {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly place: (hook: Hook) => ServiceOptions;
  /** Whether it runs when the upstream has answered. */
  readonly isLate?: true;
  /** Nobody waits for it: an async one is refused. */
  readonly isSync?: true;
  /** Of the action, after the name of the kind. */
  readonly suffix?: string;
}

const OF_REST: readonly Kind[] = ['rest', 'mixed'];

function ofConfig(name: string, more: Partial<HookPlace> = {}): HookPlace {
  const place = (hook: Hook) => ({ config: { [name]: hook } });
  return { name: `${name} of the config`, kinds: KINDS, place, ...more };
}

function ofAction(name: string, more: Partial<HookPlace> = {}): HookPlace {
  const place = (hook: Hook) => ({ common: { [name]: hook } });
  return { name: `${name} of the action`, kinds: KINDS, place, ...more };
}

function ofRest(
  name: string,
  place: (hook: Hook) => ServiceOptions,
  more: Partial<HookPlace> = {},
): HookPlace {
  return { name, kinds: OF_REST, place, ...more };
}

function ofService(name: string): HookPlace {
  const place = (hook: Hook) => ({ service: { [name]: hook } });
  return { name: `${name} of the service`, kinds: KINDS, place };
}

const retrying = (config: object) => ({ config, common: { retries: 1 } });
const params = () => ({ query: { a: 1 } });
const interceptors = (axiosInterceptors: object) => ({ config: { axiosInterceptors } });

/** Hooks whose failure is the failure of the call. */
export const DECIDING_HOOKS: readonly HookPlace[] = [
  ofConfig('onUnknownAction', { kinds: ['rest'], suffix: 'Unknown' }),
  ofConfig('onBeforeAction'),
  ofConfig('getAuthArgs'),
  ofService('getAuthArgs'),
  ofConfig('getAuthHeaders'),
  ofService('getAuthHeaders'),
  ofAction('getAuthHeaders'),
  ofConfig('proxyHeaders'),
  ofAction('proxyHeaders'),
  ofAction('endpoint'),
  ofAction('params'),
  ofRest('path', (path) => ({ rest: { path } })),
  ofRest('paramsSerializer', (paramsSerializer) => ({ rest: { paramsSerializer, params } }), {
    isSync: true,
  }),
  ofRest('an interceptor of requests', (callback) => interceptors({ request: [{ callback }] })),
  ofRest('an interceptor of responses', (callback) => interceptors({ response: [{ callback }] }), {
    isLate: true,
  }),
  ofRest(
    'an interceptor of failed responses',
    (errorCallback) => interceptors({ response: [{ callback: Boolean, errorCallback }] }),
    { isLate: true, suffix: 'Fails' },
  ),
  ofRest('axiosRetryCondition', (hook) => retrying({ axiosRetryCondition: hook }), {
    isLate: true,
    suffix: 'Fails',
  }),
  {
    name: 'grpcRetryCondition',
    kinds: ['grpc'],
    place: (hook) => retrying({ grpcRetryCondition: hook }),
    isLate: true,
    suffix: 'Fails',
  },
  ofAction('transformResponseData', { isLate: true }),
  ofAction('proxyResponseHeaders', { isLate: true }),
  ofConfig('onRequestSuccess', { isLate: true }),
];

export const placesAndKinds = DECIDING_HOOKS.flatMap((hook) =>
  hook.kinds.map((kind) => ({ ...hook, kind })),
);

export const EARLY_HOOKS = placesAndKinds.filter(({ isLate }) => !isLate);

/** A hook that throws, or rejects with, what `fail` is told last. */
export function createFailingHook() {
  let thrown: unknown;
  let isAsync = false;
  return {
    hook: (): any => {
      if (!isAsync) throw thrown;
      return Promise.resolve().then(() => {
        throw thrown;
      });
    },
    fail: (value: unknown, async: boolean) => {
      thrown = value;
      isAsync = async;
    },
  };
}

/** What a hook throws, or rejects with, and the answer to each; rejections are heard in one place. */
const REJECTED = /^(an Error|null|a string|a literal|an object whose)/;
export const WAYS = thrownValues.flatMap(([name, thrown, expected]) =>
  (REJECTED.test(name) ? [false, true] : [false]).map((isAsync) => {
    return { name: `${name}, ${isAsync ? 'async' : 'sync'}`, thrown, isAsync, expected };
  }),
);

/** An error answer in the words of the contract: coded, and nothing of what was thrown or read. */
export function expectCoded({ status, json, text }: Answered): void {
  expect(json).toMatchObject({
    status,
    code: expect.stringMatching(/./),
    message: expect.stringMatching(/./),
  });
  expect(Number.isInteger(status) && status >= 400 && status <= 599).toBe(true);
  expect(text).not.toMatch(/boom|never read me|from rest|from grpc|127\.0\.0\.1/);
}
