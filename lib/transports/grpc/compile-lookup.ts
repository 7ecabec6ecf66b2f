import { CallAbort } from '../../call/abort';
import type { Attempt, CompileSite } from '../../call/transport';
import type { GrpcDefinition } from '../../schema/definitions';
import { GrpcReflection } from '../../schema/definitions';
import { nameOf } from '../../schema/walk';
import type { ActionSource } from '../../schema/walk';
import type { Codec } from './codec/codec';
import { describeKind, findMethod, isOfKind } from './find-method';
import type { GrpcParts } from './grpc-parts';
import { isReflected } from './grpc-definition';
import { ReflectionError } from './reflection/reflection-error';
import type { ReflectionTarget } from './reflection/reflection-source';
import type { MethodTypes, ServiceTypes } from './service-types';
import type { Root } from 'protobufjs';

/** What reads and writes the messages of an action. */
export interface BoundMethod {
  readonly root: Root;
  readonly codec: Codec;
  /** Undefined where the service does not have it. */
  readonly method: MethodTypes | undefined;
}

export interface MethodLookup {
  /** From a proto file, when the gateway is built. */
  readonly known: BoundMethod | undefined;
  /** From the server, within the time of the attempt. Rejects with ReflectionError or CallAborted. */
  find(target: ReflectionTarget, attempt: Attempt): Promise<BoundMethod>;
}

type Source = ActionSource<GrpcDefinition>;

/** How an action learns of its method. Throws for a file, import or service that is not there. */
export function compileLookup(source: Source, site: CompileSite, parts: GrpcParts): MethodLookup {
  const { definition, scope } = source;
  const { protoKey, action } = definition;
  const format = definition.jsonFormat ?? parts.config.jsonFormat ?? 'loader';
  const anyOptions = definition.decodeAnyMessageProtoLoaderOptions;
  const codecOf = (root: Root) => parts.codecOf(root, format, anyOptions);

  if (!isReflected(definition)) {
    if ('reflection' in definition && definition.reflection !== undefined) {
      throw new Error('protoPath and reflection exclude each other');
    }
    const { root, methods } = parts.sourceOf(scope).load(definition.protoPath, protoKey);
    const method = findMethod(definition, methods, site.warn);
    const known = { root, codec: codecOf(root), method };
    return { known, find: () => Promise.resolve(known) };
  }

  const reflection = parts.reflectionOf(scope);
  const refreshMs = (definition.reflectionRefreshSec ?? Infinity) * 1000;
  const isFresh = definition.reflection === GrpcReflection.OnEveryRequest;
  const bound = new WeakMap<ServiceTypes, BoundMethod>();
  reflection.watch(protoKey, action, nameOf(source));

  function bind(types: ServiceTypes, { symbol }: ReflectionTarget): BoundMethod {
    const known = bound.get(types);
    if (known) return known;
    const method = types.methods.get(action);
    if (method && !isOfKind(method, definition)) {
      throw new ReflectionError('invalid', symbol, describeKind(definition));
    }
    const made = { root: types.root, codec: codecOf(types.root), method };
    bound.set(types, made);
    return made;
  }

  return {
    known: undefined,
    async find(target, { signal, timeoutMs }) {
      const abort = new CallAbort(signal);
      abort.startDeadline(timeoutMs);
      const looked = isFresh
        ? reflection.freshTypesOf(target, abort.signal)
        : reflection.typesOf(target, refreshMs);
      try {
        return bind(await abort.race(looked), target);
      } finally {
        abort.dispose();
      }
    },
  };
}
