import fc from 'fast-check';
import { SHOP_GET } from '../servers/start-grpc-action';
import { PROTO_ROOT } from '../servers/start-grpc-upstream';
import { frame, sendGrpc, startHttp2Upstream } from '../servers/start-http2-upstream';
import { codecFor } from '../transports/grpc/codec/oracles';
import { expectAnswer } from './expect-answer';
import { startDoor } from './front-door';
import { messageBytes } from './messages';
import { property } from './property';

let bytes: Buffer;
let door: Awaited<ReturnType<typeof startDoor>>;

const OPERATION = {
  protoKey: 'operations.Operations',
  protoPath: 'operations.proto',
  action: 'Get',
};
const PROBE = { protoKey: 'codec.Probe', protoPath: 'codec/probe.proto' };
const encodedFields = ['other', 'list', 'byName.*', 'notes.payload', 'notesByName.*.payload', '*'];
const ACTIONS = {
  item: SHOP_GET,
  operation: OPERATION,
  everyAny: { ...OPERATION, encodedFields },
  kinds: { ...PROBE, action: 'Kinds' },
  known: { ...PROBE, action: 'Wkt' },
  legacy: { ...PROBE, action: 'Legacy' },
  editions: { ...PROBE, action: 'Editions' },
};

beforeAll(async () => {
  const { address } = await startHttp2Upstream((stream) =>
    sendGrpc(stream, { chunks: [frame(bytes)] }),
  );
  const endpoints = { path: address, insecure: true };
  const canonical = Object.entries(ACTIONS).map(([name, action]) => {
    return [name, { ...action, jsonFormat: 'canonical' }];
  });
  const schemas = {
    root: {
      loader: { endpoints, actions: ACTIONS },
      canonical: { endpoints, actions: Object.fromEntries(canonical) },
    },
  };
  door = await startDoor(schemas, { includeProtoRoots: [PROTO_ROOT] });
});

/** Members in one order; names of prototypes are names like others. */
function inOrder(_key: string, value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord) return value;
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}
const ordered = (json: string): string => JSON.stringify(JSON.parse(json), inOrder);

const format = fc.constantFrom('loader', 'canonical');
const action = fc.constantFrom(...Object.keys(ACTIONS));

property(
  'R2 R3: whatever bytes a message is, the controller answers what api gives, or a coded error',
  fc.record({ format, action, sent: messageBytes }),
  async ({ format: by, action: name, sent }) => {
    bytes = sent;
    const overHttp = await door.post(`${by}/${name}`, {});
    const byApi = await door.call(`${by}/${name}`, {});
    const [error] = [expectAnswer(overHttp), expectAnswer(byApi)];
    expect(byApi.status).toBe(overHttp.status);
    if (!error) expect(ordered(overHttp.text)).toBe(ordered(byApi.text));
  },
);

const TYPES = ['Scalars', 'Optionals', 'Lists', 'Maps', 'Choice', 'Node', 'Names'].map(
  (name) => `codec.${name}`,
);
const LEGACY = ['codec.legacy_types.Defaults', 'codec.legacy_types.Lists'];
const type = fc.constantFrom(...TYPES, ...LEGACY);

property(
  'R2: JSON written straight from bytes is what the decoder makes of them',
  fc.record({
    type,
    depth: fc.constantFrom(1, 2, 100),
    all: fc.array(messageBytes, { maxLength: 30 }),
  }),
  ({ type: name, depth, all }) => {
    const { decode, toJson } = codecFor(name, 'loader', depth);
    for (const one of all) {
      const json = toJson(one);
      if (json !== undefined) expect(ordered(json)).toBe(ordered(JSON.stringify(decode(one))));
    }
    return Promise.resolve();
  },
);

test('most messages that decode are written straight from their bytes', () => {
  const { decode, toJson } = codecFor('codec.Scalars', 'loader');
  const samples = fc.sample(messageBytes, { numRuns: 500, seed: 1 });
  const decodes = (one: Buffer) => {
    try {
      return decode(one) !== undefined;
    } catch {
      return false;
    }
  };
  const sound = samples.filter(decodes);
  expect(sound.length).toBeGreaterThan(100);
  expect(samples.filter(toJson).length).toBeGreaterThan(sound.length / 2);
});
