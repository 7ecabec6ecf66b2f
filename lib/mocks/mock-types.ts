import type { MaybePromise, ProxyDefinition, SchemasByScope } from '../schema/definitions';
import type { ApiActionParams, ApiActionResponseType, StreamKind } from '../schema/infer';
import type { MockDelay, MockFailure } from './mock-answers';

/** What an action may answer whose schema tells no type; `unknown` would hide the args of functions. */
type AnyData = string | number | boolean | null | undefined | object;

type DataOf<Response> = unknown extends Response ? AnyData : Response;

/** A value, a function of the args, `fail(...)` or `delay(...)`. */
export type Mock<Args, Data> =
  | Data
  | MockFailure
  | MockDelay<Mock<Args, Data>>
  | ((args: Args) => MaybePromise<Data | MockFailure | MockDelay<Mock<Args, Data>>>);

/** A server stream is mocked by the list of its messages; what a caller writes to, and a proxy, not. */
type MockOf<T> = T extends ProxyDefinition ? never : MockByKind<T>;

type MockByKind<T> = {
  unary: Mock<ApiActionParams<T>, DataOf<ApiActionResponseType<T>>>;
  serverStream: Mock<ApiActionParams<T>, readonly DataOf<ApiActionResponseType<T>>[]>;
  clientStream: never;
  bidi: never;
}[StreamKind<T>];

/** Answers in place of backends, by scope, service and action. What is left out is called. */
export type Mocks<Schemas extends SchemasByScope> = {
  readonly [Scope in keyof Schemas]?: {
    readonly [Service in keyof Schemas[Scope]]?: {
      readonly [Name in keyof Schemas[Scope][Service]['actions']]?:
        MockOf<Schemas[Scope][Service]['actions'][Name]> | undefined;
    };
  };
};
