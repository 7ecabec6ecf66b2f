import fc from 'fast-check';
import { encodeMessage, packAny } from '../servers/encode-message';
import { SHOP_GET } from '../servers/start-grpc-action';
import { PROTO_ROOT } from '../servers/start-grpc-upstream';
import { sendGrpc, startHttp2Upstream } from '../servers/start-http2-upstream';
import { anyText } from './arbitraries';
import { expectAnswer, SECRET } from './expect-answer';
import { startDoor } from './front-door';
import { isLegalText } from './header-arbitraries';
import { messageBytes } from './messages';
import { property } from './property';

/** HTTP statuses by gRPC code (CONTRACT 7); any other code is 500. */
const STATUSES = [
  500, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];
const DEBUG_INFO = 'google.rpc.DebugInfo';
const BIN = 'grpc-status-details-bin';

let trailers: Record<string, string | string[]>;
let door: Awaited<ReturnType<typeof startDoor>>;

beforeAll(async () => {
  const { address } = await startHttp2Upstream((stream) => sendGrpc(stream, { trailers }));
  const actions = { loader: SHOP_GET, canonical: { ...SHOP_GET, jsonFormat: 'canonical' } };
  const service = { endpoints: { path: address, insecure: true }, actions };
  door = await startDoor({ root: { s: service } }, { includeProtoRoots: [PROTO_ROOT] });
});

interface Sent {
  action: string;
  code: number;
  message: string;
  details: string;
}

async function ask({ action, code, message, details }: Sent) {
  const text = encodeURIComponent(message.toWellFormed());
  trailers = { 'grpc-status': String(code), 'grpc-message': text, [BIN]: details };
  const answer = await door.post(`s/${action}`, {});
  const error = expectAnswer(answer);
  expect(error).toMatchObject({ status: STATUSES[code] ?? 500, details: { grpcCode: code } });
  return error;
}

const action = fc.constantFrom('loader', 'canonical');
const code = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 16 }) },
  fc.integer({ min: 17, max: 2 ** 31 - 1 }),
);
const message = fc.oneof(anyText, fc.constantFrom('', 'é'.repeat(5000)));
const texts = fc
  .array(fc.tuple(fc.oneof(anyText, fc.constantFrom('__proto__', 'toString')), anyText), {
    maxLength: 3,
  })
  .map((pairs) => Object.fromEntries(pairs.map((pair) => pair.map((one) => one.toWellFormed()))));

/** Details as servers send them, however deep in each other; all that is DebugInfo has the secret. */
const { detail } = fc.letrec<{ detail: any }>((tie) => ({
  detail: fc.oneof(
    { maxDepth: 4 },
    texts.map((metadata) => packAny('google.rpc.ErrorInfo', { reason: 'KNOWN', metadata })),
    anyText.map((text) => packAny('google.rpc.LocalizedMessage', { message: text.toWellFormed() })),
    fc.constant(packAny(DEBUG_INFO, { detail: SECRET, stackEntries: [SECRET] })),
    fc.constant(packAny(DEBUG_INFO, Buffer.from(`\n${SECRET}`))),
    messageBytes.map((bytes) => packAny('google.rpc.BadRequest', bytes)),
    messageBytes.map((bytes) => packAny('google.rpc.Help', bytes)),
    fc.tuple(anyText, messageBytes).map(([name, bytes]) => packAny(name.toWellFormed(), bytes)),
    tie('detail').map((inner) => packAny('shop.Item', { metadata: inner })),
    fc
      .array(tie('detail'), { maxLength: 3 })
      .map((details) => packAny('google.rpc.Status', { message: 'inner', details })),
  ),
}));

property(
  'R1 R3 I7: whatever details a status has, they are answered without DebugInfo, at every depth',
  fc.record({ action, code, message, details: fc.array(detail, { maxLength: 4 }) }),
  async ({ details, ...given }) => {
    const told = given.message.toWellFormed();
    const status = encodeMessage('google.rpc.Status', { code: given.code, message: told, details });
    const error = await ask({ ...given, details: status.toString('base64') });
    const allowed = details.filter(({ type_url: name }) => !name.endsWith(DEBUG_INFO));
    // What cannot be decoded, and has the name in its bytes, is left out too.
    const harmless = allowed.filter(({ value }) => !value.includes(DEBUG_INFO));
    const length = error?.details.details.length;
    expect(length >= harmless.length && length <= allowed.length).toBe(true);
  },
);

const noStatus = fc.oneof(
  messageBytes.map((bytes) => bytes.toString('base64')),
  messageBytes.map((bytes) => bytes.toString('base64url')),
  fc.string({ maxLength: 20 }).filter(isLegalText),
);

property(
  'R1: status details of any bytes, in any text, leave the status as it is',
  fc.record({ action, code, message, details: noStatus }),
  async (sent) => void (await ask(sent)),
);

const text = anyText.filter((one) => isLegalText(one));

property(
  'R2: whatever the trailers say, the answer is coded',
  fc.record({
    action,
    code: text,
    message: text,
    name: fc.constantFrom('x-a', 'x-a-bin', BIN),
    value: text,
  }),
  async ({ action: name, code: status, message: told, ...more }) => {
    // grpc-js writes of metadata that it cannot read to the console.
    const silent = jest.spyOn(console, 'error').mockReturnValue();
    trailers = { 'grpc-status': status, 'grpc-message': told, [more.name]: more.value };
    const error = expectAnswer(await door.post(`s/${name}`, {}));
    silent.mockRestore();
    expect(error?.code).toMatch(/^[A-Z_]+$/);
  },
);
