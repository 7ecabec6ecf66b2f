import type { SchemasByScope } from '../schema/definitions';
import type { ContextApiWithRoot } from './api-types';

/** A function that gives the `api` argument of a mixed action the types of the schemas. */
export function getTypedApiFactory<Schemas extends SchemasByScope>() {
  return (api: unknown): ContextApiWithRoot<Schemas> => api as ContextApiWithRoot<Schemas>;
}
