const WRAPPERS = [
  'Double',
  'Float',
  'Int64',
  'UInt64',
  'Int32',
  'UInt32',
  'Bool',
  'String',
  'Bytes',
];
const WRAPPER_NAMES = new Set(WRAPPERS.map((name) => `google.protobuf.${name}Value`));
const SPECIAL_NAMES = new Set([
  ...WRAPPER_NAMES,
  ...['Timestamp', 'Duration', 'FieldMask', 'Struct', 'ListValue', 'Value', 'Any'].map(
    (name) => `google.protobuf.${name}`,
  ),
]);

/** Whether ProtoJSON gives the message a form of its own. */
export function hasSpecialJson(fullName: string): boolean {
  return SPECIAL_NAMES.has(fullName);
}
