import fc from 'fast-check';
import { PROTO_ROOT, startGrpcUpstream } from '../servers/start-grpc-upstream';
import { SHOP_GET } from '../servers/start-grpc-action';
import { anyJson, anyText, ODD_NAMES } from './arbitraries';
import { expectAnswer, SECRET } from './expect-answer';
import { startDoor } from './front-door';
import { property } from './property';

let calls = 0;
let door: Awaited<ReturnType<typeof startDoor>>;

beforeAll(async () => {
  const { address } = await startGrpcUpstream({
    Echo(call: any, callback: any) {
      calls++;
      callback(null, call.request);
    },
  });
  const echo = { ...SHOP_GET, action: 'Echo' };
  const actions = { loader: echo, canonical: { ...echo, jsonFormat: 'canonical' } };
  const service = { endpoints: { path: address, insecure: true }, actions };
  door = await startDoor({ root: { s: service } }, { includeProtoRoots: [PROTO_ROOT] });
});

/** What came back; undefined where the call was refused. */
async function echo(action: string, args: object): Promise<any> {
  calls = 0;
  const answer = await door.post(`s/${action}`, args);
  // What was sent comes back; the logs tell it nevertheless to nobody.
  const error = expectAnswer(answer.status === 200 ? { ...answer, text: '' } : answer);
  expect(calls).toBe(error ? 0 : 1);
  if (!error) return JSON.parse(answer.text);
  expect(error).toMatchObject({ status: 400, code: 'INVALID_PARAMS' });
  return undefined;
}

const FIELDS = [
  ...['itemId', 'stockCount', 'color', 'tags', 'prices', 'createdAt', 'picture', 'note', 'userId'],
  ...[
    'teamId',
    'metadata',
    'level',
    'parent',
    'weight',
    'isActive',
    'item_id',
    'owner',
    ...ODD_NAMES,
  ],
];
const ANY_TYPES = [
  'shop.Item',
  'google.rpc.ErrorInfo',
  'google.protobuf.Any',
  'no.Type',
  '__proto__',
  '',
];
const { args } = fc.letrec<{ args: any; any: any }>((tie) => ({
  any: fc
    .tuple(fc.constantFrom(...ANY_TYPES), tie('args'))
    .map(([type, content]) => ({ ...content, '@type': `type.googleapis.com/${type}` })),
  args: fc
    .array(
      fc.tuple(
        fc.constantFrom(...FIELDS),
        fc.oneof({ maxDepth: 4 }, anyJson.value, fc.constant(SECRET), tie('args'), tie('any')),
      ),
      { maxLength: 4 },
    )
    .map((entries) => Object.fromEntries(entries)),
}));
const action = fc.constantFrom('loader', 'canonical');

property(
  'I7 I8: whatever the args, they are a message or are refused, without a word of their values',
  fc.record({ action, args }),
  async ({ action: by, args: given }) => void (await echo(by, given)),
);

const COLORS = ['COLOR_UNSPECIFIED', 'RED', 'GREEN'];
const edge = fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, -1, -(2 ** 31), 0, 0.5, 1e300, 2 ** 63);
const off = fc.tuple(edge, fc.integer({ min: -2, max: 2 })).map(([one, by]) => one + by);
const whole = fc.bigInt(-(2n ** 64n), 2n ** 64n).map(String);
const scalar = fc.oneof(off, whole, off.map(String), fc.boolean(), fc.constant(null), anyText);
const place = fc.constantFrom('level', 'stockCount', 'weight', 'isActive', 'color');

property(
  'I8: a number or name that is sent is the one that was given: none wraps, none is made up',
  fc.record({ action, place, value: scalar }),
  async ({ action: by, place: name, value }) => {
    const echoed = await echo(by, { [name]: value });
    const came: unknown = echoed?.[name];
    if (came === undefined || value === null) return;
    if (typeof came === 'boolean') expect(String(came)).toBe(String(value));
    else if (name === 'color')
      expect([came, COLORS.indexOf(came as string)].map(String)).toContain(String(value));
    else if (name === 'stockCount') expect(BigInt(came as string)).toBe(BigInt(value as string));
    else expect(Number(came)).toBe(Number(value));
  },
);
