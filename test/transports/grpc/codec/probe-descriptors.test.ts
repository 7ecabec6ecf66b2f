import type { Type } from 'protobufjs';
import { findByName } from '../../../../lib/transports/grpc/codec/find-by-name';
import { registry, root } from './oracles';

const messages = [...registry].filter(
  (type) => type.kind === 'message' && type.typeName.startsWith('codec.'),
);

test('probe.binpb was made from the proto files as they are', () => {
  expect(messages.length).toBeGreaterThan(15);
  for (const message of messages) {
    if (message.kind !== 'message') continue;
    const type = findByName(root, message.typeName) as Type;
    const fields = type.fieldsArray.filter((field) => !field.declaringField);
    expect(fields.map(({ id }) => id).sort()).toEqual(
      message.fields.map(({ number }) => number).sort(),
    );
    for (const { number, name } of message.fields) {
      expect(type.fieldsById[number]?.name.toLowerCase()).toBe(name.toLowerCase());
    }
  }
});
