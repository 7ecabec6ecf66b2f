import { Enum, Method, OneOf, Service, Type, util } from 'protobufjs';
import type { ReflectionObject, Root } from 'protobufjs';
import { readName, toField } from './descriptor-field';
import type { NameRule } from './descriptor-field';
import { setOptions } from './descriptor-options';
import type {
  EnumDescriptor,
  FileDescriptor,
  MessageDescriptor,
  MethodDescriptor,
  ServiceDescriptor,
} from './descriptors';

/** Adds what a file declares to a root that is not resolved yet. Throws for what does not fit. */
export function addFile(root: Root, file: FileDescriptor, names: NameRule): void {
  const place = file.package ? root.define(file.package) : root;
  const declared: ReflectionObject[] = [
    ...(file.message_type ?? []).map((type) => toType(type, names)),
    ...(file.enum_type ?? []).map(toEnum),
    ...(file.extension ?? []).map((field) => toField(field, names)),
    ...(file.service ?? []).map(toService),
  ];
  const features = file.options?.['features'];
  for (const object of declared) {
    pinEdition(object, editionOf(file));
    // Features of the file are those of all that it declares, as protobufjs's parser has it.
    if (features) setOptions(object, { features: mergeFeatures(features, object) });
    place.add(object);
  }
  if (place !== root) setOptions(place, file.options);
}

/** protobufjs knows the editions up to 2023; those after it have its defaults on the wire. */
function editionOf({ syntax, edition }: FileDescriptor): string {
  if (syntax === 'proto3' || edition === 'EDITION_PROTO3') return 'proto3';
  const isEdition = syntax === 'editions' && edition !== 'EDITION_PROTO2';
  return isEdition ? '2023' : 'proto2';
}

/** What `edition` does in protobufjs's JSON; objects made in code would count as proto2. */
function pinEdition(object: ReflectionObject, edition: string): void {
  (object as ReflectionObject & { _edition: string })._edition = edition;
}

function mergeFeatures(ofFile: unknown, { options }: ReflectionObject): object {
  return { ...(ofFile as object), ...(options?.['features'] as object | undefined) };
}

function toType(descriptor: MessageDescriptor, names: NameRule): Type {
  const { field = [], extension = [], oneof_decl: oneofs = [], enum_type: enums = [] } = descriptor;
  const nested = descriptor.nested_type ?? [];
  const type = new Type(readName(descriptor));
  const members = oneofs.map((): string[] => []);
  for (const one of field) {
    const made = toField(one, names, findEntry(one.type_name, nested));
    type.add(made);
    if (one.oneof_index !== undefined) members[one.oneof_index]?.push(made.name);
  }
  for (const [index, oneof] of oneofs.entries()) {
    const name = readName(oneof);
    type.add(new OneOf(names.keepCase ? name : util.camelCase(name), members[index] ?? []));
  }
  for (const one of extension) type.add(toField(one, names));
  const groups = new Set(
    field.filter(isGroup).map(({ type_name: name }) => name?.split('.').pop()),
  );
  for (const one of nested) if (!isMapEntry(one)) type.add(toNested(one, names, groups));
  for (const one of enums) type.add(toEnum(one));
  setOptions(type, descriptor.options);
  return type;
}

function isGroup({ type }: { readonly type?: string | number }): boolean {
  return type === 'TYPE_GROUP';
}

function toNested(
  descriptor: MessageDescriptor,
  names: NameRule,
  groups: ReadonlySet<string | undefined>,
): Type {
  const type = toType(descriptor, names);
  if (groups.has(type.name)) Object.assign(type, { group: true });
  return type;
}

function isMapEntry({ options }: MessageDescriptor): boolean {
  return options?.['map_entry'] === true;
}

function findEntry(
  typeName: string | undefined,
  nested: readonly MessageDescriptor[],
): MessageDescriptor | undefined {
  const wanted = typeName?.split('.').pop();
  return nested.find((one) => one.name === wanted && isMapEntry(one));
}

function toEnum(descriptor: EnumDescriptor): Enum {
  const type = new Enum(readName(descriptor), {});
  setOptions(type, descriptor.options);
  // An alias without `allow_alias` would be refused by protobufjs; a server's word is taken.
  const { value = [] } = descriptor;
  const numbers = value.map(({ number = 0 }) => number);
  if (new Set(numbers).size < numbers.length) type.setOption('allow_alias', true);
  for (const one of value) type.add(readName(one), one.number ?? 0, undefined, one.options);
  return type;
}

function toService(descriptor: ServiceDescriptor): Service {
  const service = new Service(readName(descriptor));
  for (const method of descriptor.method ?? []) service.add(toMethod(method));
  setOptions(service, descriptor.options);
  return service;
}

function toMethod(descriptor: MethodDescriptor): Method {
  const { input_type: input = '', output_type: output = '' } = descriptor;
  const { client_streaming: requestStream, server_streaming: responseStream } = descriptor;
  const method = new Method(
    readName(descriptor),
    'rpc',
    input,
    output,
    requestStream,
    responseStream,
  );
  setOptions(method, descriptor.options);
  return method;
}

/** Whether any file declares extensions, at any depth, of the options of descriptors. */
export function hasCustomOptions(files: readonly FileDescriptor[]): boolean {
  const isOption = ({ extendee = '' }) => /^\.?google\.protobuf\.\w+Options$/.test(extendee);
  const inMessage = ({ extension = [], nested_type: nested = [] }: MessageDescriptor): boolean =>
    extension.some(isOption) || nested.some(inMessage);
  return files.some(
    ({ extension = [], message_type: messages = [] }) =>
      extension.some(isOption) || messages.some(inMessage),
  );
}
