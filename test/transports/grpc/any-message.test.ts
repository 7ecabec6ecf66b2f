import { Writer } from 'protobufjs';
import { startGateway } from '../../servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';

const PROGRESS = 'type.googleapis.com/operations.Progress';
const UNKNOWN = { type_url: 'type.googleapis.com/no.such.Type', value: Buffer.from([1, 255]) };

function anyOf(content: object): object {
  return { '@type': PROGRESS, ...content };
}

/** A progress as the gateway answers it. */
function decoded(content: object): object {
  return { '@type': PROGRESS, doneCount: '0', next: null, elapsedTime: null, ...content };
}

/** A gateway in front of an upstream that answers with the operation. */
async function startOperation(operation: object, action: object = {}) {
  const upstream = await startGrpcUpstream(
    {
      Get: (_call: any, callback: any) => callback(null, operation),
      Echo: (call: any, callback: any) => callback(null, call.request),
    },
    { proto: 'operations.proto', service: 'operations.Operations' },
  );
  const base = { protoPath: 'operations.proto', protoKey: 'operations.Operations' };
  const gateway = await startGateway(
    {
      root: {
        operations: {
          endpoints: { path: upstream.address, insecure: true },
          actions: {
            get: { ...base, action: 'Get', ...action },
            echo: { ...base, action: 'Echo', ...action },
          },
        },
      },
    } as any,
    { includeProtoRoots: [PROTO_ROOT] },
  );
  const { operations } = gateway.api as any;
  return {
    gateway,
    get: async () => (await operations.get()).responseData,
    echo: async (args: object) => (await operations.echo({ args })).responseData,
  };
}

test('metadata, response and error.details are decoded without being asked for, others are not', async () => {
  const any = anyOf({ doneCount: '7' });
  const { get } = await startOperation({
    metadata: any,
    response: any,
    error: { details: [any, any] },
    other: any,
  });
  const operation = await get();
  const expected = decoded({ doneCount: '7' });
  expect(operation).toMatchObject({ metadata: expected, response: expected });
  expect(operation.error.details).toEqual([expected, expected]);
  expect(operation.other).toEqual({ type_url: PROGRESS, value: Buffer.from([8, 7]) });
});

test.each([
  ['other', { other: 'decoded' }],
  ['list', { list: ['decoded', 'decoded'] }],
  ['byName', { byName: { a: 'decoded', b: 'decoded' } }],
  ['byName.*', { byName: { a: 'decoded', b: 'decoded' } }],
  ['byName.a', { byName: { a: 'decoded', b: 'kept' } }],
  ['notes.payload', { notes: [{ payload: 'decoded' }, { payload: null }] }],
  ['notes.*', { notes: [{ payload: 'decoded' }, { payload: null }] }],
  ['notesByName.*.payload', { notesByName: { a: { payload: 'decoded' } } }],
  ['no.such.path', { other: 'kept' }],
  ['__proto__.x', { other: 'kept' }],
])('encodedFields: [%j] decodes what is there', async (path, expected) => {
  const any = anyOf({ doneCount: '1' });
  const { get } = await startOperation(
    {
      other: any,
      list: [any, any],
      byName: { a: any, b: any },
      notes: [{ payload: any }, {}],
      notesByName: { a: { payload: any } },
    },
    { encodedFields: [path] },
  );
  const operation = await get();
  expect(simplify(operation)).toMatchObject(expected);
});

/** Anys as the words `decoded` and `kept`. */
function simplify(value: any): any {
  if (value === null || typeof value !== 'object') return value;
  if ('@type' in value) return 'decoded';
  if (Buffer.isBuffer(value.value)) return 'kept';
  if (Array.isArray(value)) return value.map(simplify);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, simplify(item)]));
}

test('an Any in a decoded Any is decoded too, and what is unknown in it stays', async () => {
  const inner = anyOf({ next: UNKNOWN, elapsedTime: { seconds: '3' } });
  const { get } = await startOperation({ metadata: anyOf({ next: inner }) });
  expect((await get()).metadata).toEqual(
    decoded({ next: decoded({ next: UNKNOWN, elapsedTime: { seconds: '3', nanos: 0 } }) }),
  );
});

test('an unknown type is a Buffer through the api and base64 in an HTTP answer', async () => {
  const { get, gateway } = await startOperation({ metadata: UNKNOWN });
  const { metadata } = await get();
  expect(Buffer.isBuffer(metadata.value)).toBe(true);
  expect(metadata).toEqual(UNKNOWN);
  expect((await gateway.post('operations/get')).json.metadata).toEqual({
    type_url: UNKNOWN.type_url,
    value: 'Af8=',
  });
});

test('an Any whose bytes do not decode stays as it came', async () => {
  const broken = { type_url: PROGRESS, value: Buffer.from([8]) };
  const { get } = await startOperation({ metadata: broken });
  expect((await get()).metadata).toEqual(broken);
});

test('a type of another package whose name ends alike is unknown', async () => {
  const short = { type_url: 'type.googleapis.com/Progress', value: Buffer.from([8, 1]) };
  const { get } = await startOperation({ metadata: short });
  expect((await get()).metadata).toEqual(short);
});

test('R3 Anys in Anys are decoded to a depth of 100 at most', async () => {
  let any: { type_url: string; value: Uint8Array } = UNKNOWN;
  for (let i = 0; i < 300; i++) {
    const writer = Writer.create().uint32(18).fork();
    writer.uint32(10).string(any.type_url).uint32(18).bytes(any.value);
    any = { type_url: PROGRESS, value: writer.ldelim().finish() };
  }
  const { get } = await startOperation({ metadata: any });
  let level = (await get()).metadata;
  let depth = 0;
  for (; level?.['@type']; level = level.next) depth++;
  expect(depth).toBeGreaterThan(10);
  expect(depth).toBeLessThanOrEqual(100);
  expect(level).toMatchObject({ type_url: PROGRESS, value: expect.any(Buffer) });
});

test('__proto__ as a map key is decoded like any other and harms nothing', async () => {
  const byName = JSON.parse('{"__proto__": 1}');
  Object.defineProperty(byName, '__proto__', {
    value: anyOf({ doneCount: '2' }),
    enumerable: true,
  });
  const { get } = await startOperation({ byName }, { encodedFields: ['byName.*'] });
  const operation = await get();
  expect(Object.getOwnPropertyDescriptor(operation.byName, '__proto__')?.value).toEqual(
    decoded({ doneCount: '2' }),
  );
  expect(Object.getPrototypeOf(operation.byName)).toBe(Object.prototype);
});

test('an Any is sent as bytes or as its content with @type', async () => {
  const { echo } = await startOperation({}, { encodedFields: ['payload'] });
  const expected = { payload: decoded({ doneCount: '5' }) };
  expect(await echo({ payload: anyOf({ doneCount: '5' }) })).toEqual(expected);
  expect(await echo({ payload: { type_url: PROGRESS, value: 'CAU=' } })).toEqual(expected);
  expect(await echo({ payload: { typeUrl: PROGRESS, value: Buffer.from([8, 5]) } })).toEqual(
    expected,
  );
});

test('I8 content that does not fit its @type, or of an unknown one, is refused', async () => {
  const { gateway } = await startOperation({});
  const refused = await gateway.post('operations/echo', { payload: anyOf({ doneCount: 'x' }) });
  expect(refused).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMS' } });
  expect(refused.json.details.description).toBe('payload.doneCount: expected a 64-bit integer');
  const unknown = await gateway.post('operations/echo', { payload: { '@type': 'x/no.such.Type' } });
  expect(unknown.json.details.description).toBe('payload.@type: expected a known type');
});
