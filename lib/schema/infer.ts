import type { CarriesTypes } from './definitions';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Known<T> = IsAny<T> extends true ? unknown : T;

/** The types that a helper or a cast has written on the definition. */
type Carried<T> =
  T extends CarriesTypes<infer Output, infer Params, infer Transformed>
    ? { output: Output; params: Params; transformed: Transformed }
    : { output: unknown; params: unknown; transformed: unknown };
type HasCarried<T> = unknown extends Carried<T>['params']
  ? unknown extends Carried<T>['transformed']
    ? false
    : true
  : true;

type ParamsOfPath<T> = T extends { path: (args: infer P) => any } ? Known<P> : unknown;
type ParamsOfParams<T> = T extends { params: (args: infer P, ...rest: any[]) => any }
  ? Known<P>
  : unknown;
type ParamsOfTransform<T> = T extends {
  transformResponseData: (data: any, options: { args: infer P }) => any;
}
  ? Known<P>
  : unknown;

/** Of a plain literal: what the annotations of its functions say. */
type ParamsOfLiteral<T> = ParamsOfPath<T> & ParamsOfParams<T> & ParamsOfTransform<T>;
type ResponseOfLiteral<T> = T extends { transformResponseData: (...args: any[]) => infer R }
  ? Awaited<R>
  : unknown;

/** The args of an action. */
export type ApiActionParams<T> = T extends (api: any, args: infer P, ...rest: any[]) => any
  ? P
  : HasCarried<T> extends true
    ? Carried<T>['params']
    : ParamsOfLiteral<T>;

/** What an action resolves to, after its transform. */
export type ApiActionResponseType<T> = T extends (...args: any[]) => infer R
  ? Awaited<R>
  : HasCarried<T> extends true
    ? Carried<T>['transformed']
    : ResponseOfLiteral<T>;

/** `unary` unless the definition names another kind. */
export type StreamKind<T> = T extends { readonly type: infer K extends StreamType } ? K : 'unary';
type StreamType = 'unary' | 'serverStream' | 'clientStream' | 'bidi';
