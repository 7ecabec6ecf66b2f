import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { common, Enum, Field, parse, Root, Type, util } from 'protobufjs';
import type { Namespace, OneOf, Service } from 'protobufjs';

const packageRoot = join(__dirname, '..', '..', '..');
const protos = join(packageRoot, 'protos');
const options = { keepCase: true };

const files = readdirSync(protos, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.proto'))
  .map((path) => path.split(sep).join('/'))
  .sort();

/** Loads as a user's proto would be loaded: every import comes from protos/. */
function load(...paths: string[]): Root {
  const root = new Root();
  root.resolvePath = (_origin, target) => (isAbsolute(target) ? target : join(protos, target));
  return root.loadSync(paths, options).resolveAll() as Root;
}

/** Reads the file and its imports from disk: `load` takes some of google/protobuf from protobufjs. */
function readFromDisk(path: string, root = new Root(), seen = new Set<string>()): Root {
  if (seen.has(path)) return root;
  seen.add(path);
  const { imports = [] } = parse(readFileSync(join(protos, path), 'utf8'), root, options);
  for (const imported of imports) readFromDisk(imported, root, seen);
  return root;
}

function numbersOf(object: unknown): Record<string, number> {
  if (object instanceof Enum) return object.values;
  if (object instanceof Type) {
    return Object.fromEntries(object.fieldsArray.map(({ name, id }) => [name, id]));
  }
  if (object instanceof Field) return { [object.extend ?? '']: object.id };
  throw new Error(`neither a type, an enum nor an extension: ${String(object)}`);
}

/** Per file: a type's fields, an enum's values, or what an extension extends, with their numbers. */
const facts: Record<string, Record<string, Record<string, number>>> = {
  'google/api/annotations.proto': {
    'google.api.http': { 'google.protobuf.MethodOptions': 72295728 },
  },
  'google/api/client.proto': {
    'google.api.method_signature': { 'google.protobuf.MethodOptions': 1051 },
    'google.api.default_host': { 'google.protobuf.ServiceOptions': 1049 },
    'google.api.oauth_scopes': { 'google.protobuf.ServiceOptions': 1050 },
    'google.api.api_version': { 'google.protobuf.ServiceOptions': 525000001 },
    'google.api.ClientLibrarySettings': { version: 1, launch_stage: 2, java_settings: 21 },
    'google.api.Publishing': { method_settings: 2, new_issue_uri: 101, library_settings: 109 },
    'google.api.MethodSettings.LongRunning': { initial_poll_delay: 1, total_poll_timeout: 4 },
    'google.api.ClientLibraryDestination': { GITHUB: 10, PACKAGE_MANAGER: 20 },
  },
  'google/api/field_behavior.proto': {
    'google.api.field_behavior': { 'google.protobuf.FieldOptions': 1052 },
    'google.api.FieldBehavior': { OPTIONAL: 1, REQUIRED: 2, OUTPUT_ONLY: 3, IDENTIFIER: 8 },
  },
  'google/api/field_info.proto': {
    'google.api.field_info': { 'google.protobuf.FieldOptions': 291403980 },
    'google.api.FieldInfo': { format: 1, referenced_types: 2 },
    'google.api.FieldInfo.Format': { UUID4: 1, IPV4: 2, IPV6: 3, IPV4_OR_IPV6: 4 },
  },
  'google/api/http.proto': {
    'google.api.Http': { rules: 1, fully_decode_reserved_expansion: 2 },
    'google.api.HttpRule': {
      selector: 1,
      get: 2,
      put: 3,
      post: 4,
      delete: 5,
      patch: 6,
      body: 7,
      custom: 8,
      additional_bindings: 11,
      response_body: 12,
    },
    'google.api.CustomHttpPattern': { kind: 1, path: 2 },
  },
  'google/api/httpbody.proto': {
    'google.api.HttpBody': { content_type: 1, data: 2, extensions: 3 },
  },
  'google/api/launch_stage.proto': {
    'google.api.LaunchStage': {
      EARLY_ACCESS: 1,
      ALPHA: 2,
      BETA: 3,
      GA: 4,
      DEPRECATED: 5,
      UNIMPLEMENTED: 6,
      PRELAUNCH: 7,
    },
  },
  'google/api/resource.proto': {
    'google.api.resource_reference': { 'google.protobuf.FieldOptions': 1055 },
    'google.api.resource_definition': { 'google.protobuf.FileOptions': 1053 },
    'google.api.resource': { 'google.protobuf.MessageOptions': 1053 },
    'google.api.ResourceDescriptor': { type: 1, pattern: 2, name_field: 3, plural: 5, style: 10 },
    'google.api.ResourceReference': { type: 1, child_type: 2 },
  },
  'google/api/routing.proto': {
    'google.api.routing': { 'google.protobuf.MethodOptions': 72295729 },
    'google.api.RoutingRule': { routing_parameters: 2 },
    'google.api.RoutingParameter': { field: 1, path_template: 2 },
  },
  'google/api/visibility.proto': {
    'google.api.enum_visibility': { 'google.protobuf.EnumOptions': 72295727 },
    'google.api.value_visibility': { 'google.protobuf.EnumValueOptions': 72295727 },
    'google.api.field_visibility': { 'google.protobuf.FieldOptions': 72295727 },
    'google.api.message_visibility': { 'google.protobuf.MessageOptions': 72295727 },
    'google.api.method_visibility': { 'google.protobuf.MethodOptions': 72295727 },
    'google.api.api_visibility': { 'google.protobuf.ServiceOptions': 72295727 },
    'google.api.VisibilityRule': { selector: 1, restriction: 2 },
  },
  'google/longrunning/operations.proto': {
    'google.longrunning.operation_info': { 'google.protobuf.MethodOptions': 1049 },
    'google.longrunning.Operation': { name: 1, metadata: 2, done: 3, error: 4, response: 5 },
    'google.longrunning.ListOperationsRequest': {
      filter: 1,
      page_size: 2,
      page_token: 3,
      name: 4,
      return_partial_success: 5,
    },
    'google.longrunning.ListOperationsResponse': { operations: 1, next_page_token: 2 },
    'google.longrunning.WaitOperationRequest': { name: 1, timeout: 2 },
    'google.longrunning.OperationInfo': { response_type: 1, metadata_type: 2 },
  },
  'google/protobuf/any.proto': { 'google.protobuf.Any': { type_url: 1, value: 2 } },
  'google/protobuf/api.proto': {
    'google.protobuf.Api': { name: 1, methods: 2, source_context: 5, mixins: 6, syntax: 7 },
    'google.protobuf.Method': { request_type_url: 2, response_type_url: 4, syntax: 7 },
    'google.protobuf.Mixin': { name: 1, root: 2 },
  },
  'google/protobuf/descriptor.proto': {
    'google.protobuf.FileDescriptorSet': { file: 1 },
    'google.protobuf.FileDescriptorProto': {
      name: 1,
      package: 2,
      dependency: 3,
      message_type: 4,
      enum_type: 5,
      service: 6,
      extension: 7,
      options: 8,
      source_code_info: 9,
      public_dependency: 10,
      weak_dependency: 11,
      syntax: 12,
      edition: 14,
      option_dependency: 15,
    },
    'google.protobuf.FieldDescriptorProto': { name: 1, number: 3, label: 4, proto3_optional: 17 },
    'google.protobuf.FieldDescriptorProto.Type': { TYPE_DOUBLE: 1, TYPE_SINT64: 18 },
    'google.protobuf.FileOptions': { java_package: 1, go_package: 11, features: 50 },
    'google.protobuf.MessageOptions': { map_entry: 7, features: 12, uninterpreted_option: 999 },
    'google.protobuf.FieldOptions': { ctype: 1, packed: 2, deprecated: 3, features: 21 },
    'google.protobuf.OneofOptions': { features: 1 },
    'google.protobuf.EnumOptions': { allow_alias: 2, features: 7 },
    'google.protobuf.EnumValueOptions': { deprecated: 1, features: 2 },
    'google.protobuf.ServiceOptions': { deprecated: 33, features: 34 },
    'google.protobuf.MethodOptions': { deprecated: 33, idempotency_level: 34, features: 35 },
    'google.protobuf.ExtensionRangeOptions': { declaration: 2, verification: 3, features: 50 },
    'google.protobuf.FeatureSet': {
      field_presence: 1,
      enum_type: 2,
      repeated_field_encoding: 3,
      utf8_validation: 4,
      message_encoding: 5,
      json_format: 6,
      enforce_naming_style: 7,
      default_symbol_visibility: 8,
    },
    'google.protobuf.FeatureSet.Utf8Validation': { VERIFY: 2, NONE: 3 },
    'google.protobuf.FeatureSetDefaults': { defaults: 1, minimum_edition: 4, maximum_edition: 5 },
    'google.protobuf.SourceCodeInfo.Location': { path: 1, span: 2, leading_detached_comments: 6 },
    'google.protobuf.GeneratedCodeInfo.Annotation': { path: 1, source_file: 2, semantic: 5 },
    'google.protobuf.Edition': {
      EDITION_LEGACY: 900,
      EDITION_PROTO2: 998,
      EDITION_PROTO3: 999,
      EDITION_2023: 1000,
      EDITION_2024: 1001,
      EDITION_MAX: 0x7fffffff,
    },
  },
  'google/protobuf/duration.proto': { 'google.protobuf.Duration': { seconds: 1, nanos: 2 } },
  'google/protobuf/empty.proto': { 'google.protobuf.Empty': {} },
  'google/protobuf/field_mask.proto': { 'google.protobuf.FieldMask': { paths: 1 } },
  'google/protobuf/source_context.proto': { 'google.protobuf.SourceContext': { file_name: 1 } },
  'google/protobuf/struct.proto': {
    'google.protobuf.Struct': { fields: 1 },
    'google.protobuf.Value': {
      null_value: 1,
      number_value: 2,
      string_value: 3,
      bool_value: 4,
      struct_value: 5,
      list_value: 6,
    },
    'google.protobuf.ListValue': { values: 1 },
    'google.protobuf.NullValue': { NULL_VALUE: 0 },
  },
  'google/protobuf/timestamp.proto': { 'google.protobuf.Timestamp': { seconds: 1, nanos: 2 } },
  'google/protobuf/type.proto': {
    'google.protobuf.Type': { name: 1, fields: 2, oneofs: 3, options: 4, syntax: 6, edition: 7 },
    'google.protobuf.Field': { kind: 1, cardinality: 2, number: 3, name: 4, type_url: 6 },
    'google.protobuf.Enum': { name: 1, enumvalue: 2, options: 3, source_context: 4, syntax: 5 },
    'google.protobuf.Syntax': { SYNTAX_PROTO2: 0, SYNTAX_PROTO3: 1, SYNTAX_EDITIONS: 2 },
  },
  'google/protobuf/wrappers.proto': {
    'google.protobuf.DoubleValue': { value: 1 },
    'google.protobuf.FloatValue': { value: 1 },
    'google.protobuf.Int64Value': { value: 1 },
    'google.protobuf.UInt64Value': { value: 1 },
    'google.protobuf.Int32Value': { value: 1 },
    'google.protobuf.UInt32Value': { value: 1 },
    'google.protobuf.BoolValue': { value: 1 },
    'google.protobuf.StringValue': { value: 1 },
    'google.protobuf.BytesValue': { value: 1 },
  },
  'google/rpc/code.proto': {
    'google.rpc.Code': {
      OK: 0,
      CANCELLED: 1,
      UNKNOWN: 2,
      INVALID_ARGUMENT: 3,
      DEADLINE_EXCEEDED: 4,
      NOT_FOUND: 5,
      ALREADY_EXISTS: 6,
      PERMISSION_DENIED: 7,
      RESOURCE_EXHAUSTED: 8,
      FAILED_PRECONDITION: 9,
      ABORTED: 10,
      OUT_OF_RANGE: 11,
      UNIMPLEMENTED: 12,
      INTERNAL: 13,
      UNAVAILABLE: 14,
      DATA_LOSS: 15,
      UNAUTHENTICATED: 16,
    },
  },
  'google/rpc/error_details.proto': {
    'google.rpc.ErrorInfo': { reason: 1, domain: 2, metadata: 3 },
    'google.rpc.RetryInfo': { retry_delay: 1 },
    'google.rpc.DebugInfo': { stack_entries: 1, detail: 2 },
    'google.rpc.QuotaFailure': { violations: 1 },
    'google.rpc.QuotaFailure.Violation': {
      subject: 1,
      description: 2,
      api_service: 3,
      quota_metric: 4,
      quota_id: 5,
      quota_dimensions: 6,
      quota_value: 7,
      future_quota_value: 8,
    },
    'google.rpc.PreconditionFailure': { violations: 1 },
    'google.rpc.PreconditionFailure.Violation': { type: 1, subject: 2, description: 3 },
    'google.rpc.BadRequest': { field_violations: 1 },
    'google.rpc.BadRequest.FieldViolation': {
      field: 1,
      description: 2,
      reason: 3,
      localized_message: 4,
    },
    'google.rpc.RequestInfo': { request_id: 1, serving_data: 2 },
    'google.rpc.ResourceInfo': { resource_type: 1, resource_name: 2, owner: 3, description: 4 },
    'google.rpc.Help': { links: 1 },
    'google.rpc.Help.Link': { description: 1, url: 2 },
    'google.rpc.LocalizedMessage': { locale: 1, message: 2 },
  },
  'google/rpc/http.proto': {
    'google.rpc.HttpRequest': { method: 1, uri: 2, headers: 3, body: 4 },
    'google.rpc.HttpResponse': { status: 1, reason: 2, headers: 3, body: 4 },
    'google.rpc.HttpHeader': { key: 1, value: 2 },
  },
  'google/rpc/status.proto': { 'google.rpc.Status': { code: 1, message: 2, details: 3 } },
  'google/type/calendar_period.proto': {
    'google.type.CalendarPeriod': { DAY: 1, WEEK: 2, FORTNIGHT: 3, MONTH: 4, HALF: 6, YEAR: 7 },
  },
  'google/type/color.proto': { 'google.type.Color': { red: 1, green: 2, blue: 3, alpha: 4 } },
  'google/type/date.proto': { 'google.type.Date': { year: 1, month: 2, day: 3 } },
  'google/type/datetime.proto': {
    'google.type.DateTime': { year: 1, hours: 4, nanos: 7, utc_offset: 8, time_zone: 9 },
    'google.type.TimeZone': { id: 1, version: 2 },
  },
  'google/type/dayofweek.proto': { 'google.type.DayOfWeek': { MONDAY: 1, SUNDAY: 7 } },
  'google/type/decimal.proto': { 'google.type.Decimal': { value: 1 } },
  'google/type/expr.proto': {
    'google.type.Expr': { expression: 1, title: 2, description: 3, location: 4 },
  },
  'google/type/fraction.proto': { 'google.type.Fraction': { numerator: 1, denominator: 2 } },
  'google/type/interval.proto': { 'google.type.Interval': { start_time: 1, end_time: 2 } },
  'google/type/latlng.proto': { 'google.type.LatLng': { latitude: 1, longitude: 2 } },
  'google/type/localized_text.proto': {
    'google.type.LocalizedText': { text: 1, language_code: 2 },
  },
  'google/type/money.proto': { 'google.type.Money': { currency_code: 1, units: 2, nanos: 3 } },
  'google/type/month.proto': { 'google.type.Month': { JANUARY: 1, DECEMBER: 12 } },
  'google/type/phone_number.proto': {
    'google.type.PhoneNumber': { e164_number: 1, short_code: 2, extension: 3 },
    'google.type.PhoneNumber.ShortCode': { region_code: 1, number: 2 },
  },
  'google/type/postal_address.proto': {
    'google.type.PostalAddress': {
      revision: 1,
      region_code: 2,
      language_code: 3,
      postal_code: 4,
      sorting_code: 5,
      administrative_area: 6,
      locality: 7,
      sublocality: 8,
      address_lines: 9,
      recipients: 10,
      organization: 11,
    },
  },
  'google/type/quaternion.proto': { 'google.type.Quaternion': { x: 1, y: 2, z: 3, w: 4 } },
  'google/type/timeofday.proto': {
    'google.type.TimeOfDay': { hours: 1, minutes: 2, seconds: 3, nanos: 4 },
  },
  'grpc/reflection/v1/reflection.proto': {
    'grpc.reflection.v1.ServerReflectionRequest': {
      host: 1,
      file_by_filename: 3,
      file_containing_symbol: 4,
      file_containing_extension: 5,
      all_extension_numbers_of_type: 6,
      list_services: 7,
    },
    'grpc.reflection.v1.ExtensionRequest': { containing_type: 1, extension_number: 2 },
    'grpc.reflection.v1.ServerReflectionResponse': {
      valid_host: 1,
      original_request: 2,
      file_descriptor_response: 4,
      all_extension_numbers_response: 5,
      list_services_response: 6,
      error_response: 7,
    },
    'grpc.reflection.v1.FileDescriptorResponse': { file_descriptor_proto: 1 },
    'grpc.reflection.v1.ExtensionNumberResponse': { base_type_name: 1, extension_number: 2 },
    'grpc.reflection.v1.ListServiceResponse': { service: 1 },
    'grpc.reflection.v1.ServiceResponse': { name: 1 },
    'grpc.reflection.v1.ErrorResponse': { error_code: 1, error_message: 2 },
  },
};

test('the package ships protos/, and every file has its facts below', () => {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    files: string[];
  };
  expect(manifest.files).toContain('protos');
  expect(Object.keys(facts).sort()).toEqual(files);
});

test.each(files)('%s loads alone and holds its facts', (path) => {
  const expected = Object.entries(facts[path] ?? {});
  expect(expected).not.toHaveLength(0);
  const loaded = load(path);
  const read = readFromDisk(path).resolveAll() as Root;
  for (const root of common.get(path) ? [read] : [loaded, read]) {
    for (const [name, numbers] of expected) {
      expect({ [name]: numbersOf(root.lookup(name)) }).toMatchObject({ [name]: numbers });
    }
  }
});

test.each(files)('%s is a plain file of its folder', (path) => {
  const source = readFileSync(join(protos, path), 'utf8');
  const syntax = path === 'google/protobuf/descriptor.proto' ? 'proto2' : 'proto3';
  const { package: declared, imports = [] } = parse(source, new Root(), options);
  expect(source).toContain(`syntax = "${syntax}";`);
  expect(declared?.split('.')).toEqual(path.split('/').slice(0, -1));
  expect(imports.filter((imported) => !existsSync(join(protos, imported)))).toEqual([]);
  expect(source.replace(/"[^"]*"/g, '').match(/\/[/*]/g)).toHaveLength(1);
  expect(source).toMatch(/^\/\/ .+\n/);
});

test('all files load into one root', () => {
  expect(() => load(...files)).not.toThrow();
});

/** What decides the wire format, by full name; names of fields in one case. */
function wireShape(namespace: Namespace): Record<string, unknown> {
  return Object.assign(
    {},
    ...namespace.nestedArray.map((object) => {
      if (object instanceof Enum) return { [object.fullName]: object.values };
      if (!(object instanceof Type)) return wireShape(object as Namespace);
      const fields = object.fieldsArray.map((field) => ({
        ...{
          name: util.camelCase(field.name),
          id: field.id,
          type: field.type,
          repeated: field.repeated,
        },
        ...{ map: field.map, packed: field.packed, oneof: field.partOf?.name },
      }));
      return { [object.fullName]: fields, ...wireShape(object) };
    }),
  );
}

const wellKnown = files.filter((path) => common.get(path));

// `load` prefers these. Its Value has camelCase fields, keepCase or not; its Any keeps type_url.
test('protobufjs has its own of seven well-known files', () => {
  expect(wellKnown.map((path) => path.replace('google/protobuf/', ''))).toEqual([
    'any.proto',
    'duration.proto',
    'empty.proto',
    'field_mask.proto',
    'struct.proto',
    'timestamp.proto',
    'wrappers.proto',
  ]);
});

test.each(wellKnown)('%s has the wire format of the one of protobufjs', (path) => {
  expect(wireShape(readFromDisk(path).resolveAll())).toEqual(wireShape(load(path)));
});

test('a Status carries every message of error_details', () => {
  const root = load('google/rpc/status.proto', 'google/rpc/error_details.proto');
  const details: Record<string, object> = {
    ErrorInfo: { reason: 'STOCK_OUT', domain: 'shop.example', metadata: { sku: 'A-1' } },
    RetryInfo: { retry_delay: { seconds: '3', nanos: 500 } },
    DebugInfo: { stack_entries: ['at a', 'at b'], detail: 'trace' },
    QuotaFailure: {
      violations: [
        {
          subject: 'project:1',
          description: 'too many reads',
          api_service: 'shop.example',
          quota_metric: 'reads',
          quota_id: 'reads-per-minute',
          quota_dimensions: { region: 'eu' },
          quota_value: '10',
          future_quota_value: '20',
        },
      ],
    },
    PreconditionFailure: {
      violations: [{ type: 'TOS', subject: 'user:1', description: 'not accepted' }],
    },
    BadRequest: {
      field_violations: [
        {
          field: 'order.items[0].sku',
          description: 'is unknown',
          reason: 'UNKNOWN_SKU',
          localized_message: { locale: 'de-CH', message: 'ist unbekannt' },
        },
      ],
    },
    RequestInfo: { request_id: 'r-1', serving_data: 'host-7' },
    ResourceInfo: {
      resource_type: 'order',
      resource_name: 'orders/1',
      owner: 'user:1',
      description: 'is locked',
    },
    Help: { links: [{ description: 'Limits', url: 'https://shop.example/limits' }] },
    LocalizedMessage: { locale: 'en-GB', message: 'Out of stock' },
  };
  const declared = Object.keys(facts['google/rpc/error_details.proto'] ?? {})
    .map((name) => name.replace('google.rpc.', ''))
    .filter((name) => !name.includes('.'));
  expect(Object.keys(details)).toEqual(declared);

  const status = root.lookupType('google.rpc.Status');
  const bytes = status
    .encode({
      code: 8,
      message: 'out of stock',
      details: Object.entries(details).map(([name, detail]) => {
        const type = root.lookupType(`google.rpc.${name}`);
        return {
          type_url: `type.googleapis.com/google.rpc.${name}`,
          value: type.encode(type.fromObject(detail)).finish(),
        };
      }),
    })
    .finish();

  const decoded = status.decode(bytes) as any;
  expect([decoded.code, decoded.message]).toEqual([8, 'out of stock']);
  const unpacked = decoded.details.map(({ type_url, value }: any) => {
    const [, name] = type_url.split('/');
    const type = root.lookupType(name);
    return [name.replace('google.rpc.', ''), type.toObject(type.decode(value), { longs: String })];
  });
  expect(Object.fromEntries(unpacked)).toEqual(details);
});

test('the Operations service keeps its HTTP mapping', () => {
  const root = load('google/longrunning/operations.proto');
  const service = root.lookup('google.longrunning.Operations') as Service;
  expect(service.getOption('(google.api.default_host)')).toBe('longrunning.googleapis.com');
  const mapping = service.methodsArray.map((method) => [
    method.name,
    method.resolvedResponseType?.fullName.replace('.google.', ''),
    (method.parsedOptions as Record<string, unknown>[] | null)?.find(
      (option) => '(google.api.http)' in option,
    )?.['(google.api.http)'],
  ]);
  expect(mapping).toEqual([
    ['ListOperations', 'longrunning.ListOperationsResponse', { get: '/v1/{name=operations}' }],
    ['GetOperation', 'longrunning.Operation', { get: '/v1/{name=operations/**}' }],
    ['DeleteOperation', 'protobuf.Empty', { delete: '/v1/{name=operations/**}' }],
    ['CancelOperation', 'protobuf.Empty', { post: '/v1/{name=operations/**}:cancel', body: '*' }],
    ['WaitOperation', 'longrunning.Operation', undefined],
  ]);
  const { oneofs } = root.lookupType('google.longrunning.Operation');
  expect((oneofs['result'] as OneOf).oneof).toEqual(['error', 'response']);
});

/**
 * What protoc 35.1 makes (--descriptor_set_out) of two files: pings.proto (proto3; a method with
 * google.api.http, a field with google.api.field_behavior, an optional field, reserved 5 to 7) and
 * settings.proto (edition 2023; features of the file and of two fields).
 */
const descriptorSet = Buffer.from(
  'CusBCgtwaW5ncy5wcm90bxIEZGVtbxocZ29vZ2xlL2FwaS9hbm5vdGF0aW9ucy5wcm90bxofZ29vZ2xlL2FwaS9maWVsZF9i' +
    'ZWhhdmlvci5wcm90byJDCgRQaW5nEhYKAmlkGAEgASgJQgbgQQLgQQVSAmlkEhUKA3NlcRgCIAEoBUgAUgNzZXGIAQFCBgoE' +
    'X3NlcUoECAUQCDJKCgVQaW5ncxJBCgNHZXQSCi5kZW1vLlBpbmcaCi5kZW1vLlBpbmciIILT5JMCGhIIL3YxL3tpZH1aDiIJ' +
    'L3YxL3BpbmdzOgEqMAFiBnByb3RvMwp8Cg5zZXR0aW5ncy5wcm90bxIEZGVtbyJQCghTZXR0aW5ncxIZCgRuYW1lGAEgASgJ' +
    'QgWqAQIIAVIEbmFtZRIpCgRuZXh0GAIgASgLMg4uZGVtby5TZXR0aW5nc0IFqgECKAJSBG5leHRCBZIDAggCYghlZGl0aW9u' +
    'c3DoBw==',
  'base64',
);

test('descriptor.proto decodes what protoc writes, option extensions included', () => {
  const root = load('google/api/annotations.proto', 'google/api/field_behavior.proto');
  const type = root.lookupType('google.protobuf.FileDescriptorSet');
  const decoded = type.decode(descriptorSet);
  expect(type.toObject(decoded, { enums: String })).toEqual({
    file: [
      {
        name: 'pings.proto',
        package: 'demo',
        dependency: ['google/api/annotations.proto', 'google/api/field_behavior.proto'],
        message_type: [
          {
            name: 'Ping',
            field: [
              {
                name: 'id',
                number: 1,
                label: 'LABEL_OPTIONAL',
                type: 'TYPE_STRING',
                json_name: 'id',
                options: { '.google.api.field_behavior': ['REQUIRED', 'IMMUTABLE'] },
              },
              {
                name: 'seq',
                number: 2,
                label: 'LABEL_OPTIONAL',
                type: 'TYPE_INT32',
                oneof_index: 0,
                json_name: 'seq',
                proto3_optional: true,
              },
            ],
            oneof_decl: [{ name: '_seq' }],
            reserved_range: [{ start: 5, end: 8 }],
          },
        ],
        service: [
          {
            name: 'Pings',
            method: [
              {
                name: 'Get',
                input_type: '.demo.Ping',
                output_type: '.demo.Ping',
                server_streaming: true,
                options: {
                  '.google.api.http': {
                    get: '/v1/{id}',
                    additional_bindings: [{ post: '/v1/pings', body: '*' }],
                  },
                },
              },
            ],
          },
        ],
        syntax: 'proto3',
      },
      {
        name: 'settings.proto',
        package: 'demo',
        message_type: [
          {
            name: 'Settings',
            field: [
              {
                name: 'name',
                number: 1,
                label: 'LABEL_OPTIONAL',
                type: 'TYPE_STRING',
                json_name: 'name',
                options: { features: { field_presence: 'EXPLICIT' } },
              },
              {
                name: 'next',
                number: 2,
                label: 'LABEL_OPTIONAL',
                type: 'TYPE_MESSAGE',
                type_name: '.demo.Settings',
                json_name: 'next',
                options: { features: { message_encoding: 'DELIMITED' } },
              },
            ],
          },
        ],
        options: { features: { field_presence: 'IMPLICIT' } },
        syntax: 'editions',
        edition: 'EDITION_2023',
      },
    ],
  });
  expect(Buffer.from(type.encode(decoded).finish()).length).toBe(descriptorSet.length);
});
