/** Members of google/protobuf/descriptor.proto that are read here; unset ones are not there. */
export interface FileDescriptor {
  readonly name?: string;
  readonly package?: string;
  readonly dependency?: readonly string[];
  /** Indexes into `dependency`. */
  readonly weak_dependency?: readonly number[];
  readonly message_type?: readonly MessageDescriptor[];
  readonly enum_type?: readonly EnumDescriptor[];
  readonly service?: readonly ServiceDescriptor[];
  readonly extension?: readonly FieldDescriptor[];
  readonly options?: OptionsDescriptor;
  readonly syntax?: string;
  readonly edition?: string | number;
}

/** Options under their proto names, extensions as `[full.name]`. */
export type OptionsDescriptor = Readonly<Record<string, unknown>>;

interface Described {
  readonly name?: string;
  readonly options?: OptionsDescriptor;
}

export interface MessageDescriptor extends Described {
  readonly field?: readonly FieldDescriptor[];
  readonly extension?: readonly FieldDescriptor[];
  readonly nested_type?: readonly MessageDescriptor[];
  readonly enum_type?: readonly EnumDescriptor[];
  readonly oneof_decl?: readonly Described[];
}

export interface FieldDescriptor extends Described {
  readonly number?: number;
  readonly label?: string;
  readonly type?: string | number;
  readonly type_name?: string;
  readonly extendee?: string;
  readonly default_value?: string;
  readonly oneof_index?: number;
  readonly json_name?: string;
  readonly proto3_optional?: boolean;
}

export interface EnumDescriptor extends Described {
  readonly value?: readonly (Described & { readonly number?: number })[];
}

export interface ServiceDescriptor extends Described {
  readonly method?: readonly MethodDescriptor[];
}

export interface MethodDescriptor extends Described {
  readonly input_type?: string;
  readonly output_type?: string;
  readonly client_streaming?: boolean;
  readonly server_streaming?: boolean;
}
