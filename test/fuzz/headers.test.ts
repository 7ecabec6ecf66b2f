import fc from 'fast-check';
import { startGrpcUpstream, PROTO_ROOT } from '../servers/start-grpc-upstream';
import { startUpstream } from '../servers/start-upstream';
import { SHOP_GET } from '../servers/start-grpc-action';
import { expectAnswer } from './expect-answer';
import { startDoor } from './front-door';
import {
  anyHeaders,
  headerName,
  headerText,
  isLegalName,
  isLegalText,
  KEPT_BACK,
} from './header-arbitraries';
import { property } from './property';

/** What the hooks give, call by call. */
let made: Record<string, unknown>;
let received: { name: string; value: string }[][] = [];
let door: Awaited<ReturnType<typeof startDoor>>;

const BODY = { itemId: 'a' };
const SOURCES = {
  params: { params: () => ({ body: BODY, headers: made }) },
  getAuthHeaders: { getAuthHeaders: () => made },
  proxyHeaders: { proxyHeaders: () => made },
};
const COPIES = {
  copy: { proxyHeaders: (headers: object) => headers },
  copyLater: { proxyHeaders: (headers: object) => ({ ...headers, 'x-own': 'own' }) },
  copyByName: {
    proxyHeaders: ['x-a', 'Authorization', '__proto__', 'host', 'te', 'connection'],
  },
};
const ACTIONS = { ...SOURCES, ...COPIES };
const fill = (base: object) =>
  Object.fromEntries(Object.entries(ACTIONS).map(([name, own]) => [name, { ...base, ...own }]));

beforeAll(async () => {
  const http = await startUpstream(({ rawHeaders }, response) => {
    http.requests.length = 0;
    const names = rawHeaders.filter((_text, i) => i % 2 === 0);
    received.push(names.map((name, i) => ({ name, value: rawHeaders[i * 2 + 1]! })));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  const Get = ({ metadata }: any, callback: any) => {
    const names: string[] = Object.keys(metadata.getMap());
    received.push(
      names.flatMap((name) => {
        return metadata.get(name).map((value: any) => ({ name, value: value.toString('base64') }));
      }),
    );
    callback(null, {});
  };
  const grpc = await startGrpcUpstream({ Get });
  const rest = { endpoints: http.url, actions: fill({ method: 'POST', path: '/run' }) };
  const endpoints = { path: grpc.address, insecure: true };
  const schemas = { root: { rest, grpc: { endpoints, actions: fill(SHOP_GET) } } };
  door = await startDoor(schemas, { includeProtoRoots: [PROTO_ROOT] });
});

async function send(action: string, headers: object = {}) {
  received = [];
  const answer = await door.call(action, { args: BODY, headers });
  const error = expectAnswer(answer);
  expect(received).toHaveLength(error ? 0 : 1);
  return { error, sent: received[0] ?? [] };
}

const kind = fc.constantFrom('rest', 'grpc');
const source = fc.constantFrom(...Object.keys(SOURCES));

function isLegal([name, value]: [string, unknown]): boolean {
  const values = [value].flat().filter((one) => one !== undefined && one !== null);
  if (values.length === 0) return !Array.isArray(value) || isLegalName(name);
  const isText = (one: unknown) => typeof one === 'string' && isLegalText(one);
  const isScalar = (one: unknown) => typeof one === 'number' || typeof one === 'boolean';
  if (name.toLowerCase() === 'host' && values.length > 1) return false;
  return isLegalName(name) && values.every((one) => isText(one) || isScalar(one));
}

property(
  'H1: headers of params, auth and proxyHeaders that are legal are sent; of others nothing is',
  fc.record({ kind, source, headers: anyHeaders }),
  async ({ kind: by, source: from, headers }) => {
    made = headers;
    const { error } = await send(`${by}/${from}`);
    // What is kept back is not looked at.
    const looked = Object.entries(headers).filter(([name]) => {
      return !KEPT_BACK.includes(name.toLowerCase()) && !/^(proxy-|grpc-|:)/i.test(name);
    });
    if (!looked.every(isLegal))
      expect(error).toMatchObject({ status: 500, code: 'INVALID_HEADER' });
    else if (Object.entries(headers).every(isLegal)) expect(error).toBeUndefined();
  },
);

property(
  'H1 H3: a value that is sent is the one that was given',
  fc.record({ kind, source, name: headerName.map((one) => `x-${one}`), value: headerText }),
  async ({ kind: by, source: from, name, value }) => {
    made = { [name]: value };
    const { error, sent } = await send(`${by}/${from}`);
    const isSound = isLegalName(name) && isLegalText(value);
    expect(error?.code).toBe(isSound ? undefined : 'INVALID_HEADER');
    if (!isSound || /^x-request-|-bin$/i.test(name)) return;
    const found = sent.filter((one) => one.name.toLowerCase() === name.toLowerCase());
    const values = found.map((one) => one.value);
    // Blanks around a value are no part of it (RFC 9110 section 5.5); metadata is ASCII.
    if (by === 'rest') expect(values).toEqual([value.replace(/^[ \t]+|[ \t]+$/g, '')]);
    else if (!/^[0-9a-z_.-]+$/i.test(name)) expect(values).toEqual([]);
    else expect(values).toEqual([value.replace(/[^\x20-\x7e]/g, encodeURIComponent).trim()]);
  },
);

property(
  'H1 H2: whatever the client sends, a copy of it lets the call go on, without what is kept back',
  fc.record({ kind, copy: fc.constantFrom(...Object.keys(COPIES)), headers: anyHeaders }),
  async ({ kind: by, copy, headers }) => {
    const { error, sent } = await send(`${by}/${copy}`, headers);
    expect(error).toBeUndefined();
    const values = Object.values(headers).flat();
    const own = ['connection', 'keep-alive', 'host', 'content-length', 'accept-encoding', 'te'];
    for (const { name, value } of sent) {
      if (!KEPT_BACK.includes(name.toLowerCase()) || values.length === 0) continue;
      expect(own).toContain(name.toLowerCase());
      const given = Object.keys(headers).find((one) => one.toLowerCase() === name.toLowerCase());
      const is = given === undefined ? undefined : headers[given];
      if (value !== 'keep-alive' && value !== 'trailers') expect(value).not.toBe(is);
    }
  },
);
