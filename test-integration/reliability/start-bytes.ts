import { Reader } from 'protobufjs';
import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT } from '../../test/servers/start-grpc-upstream';
import { startReflectionUpstream } from '../../test/servers/start-reflection-upstream';
import { writeFiles } from '../../test/transports/grpc/echo-protos';
import type { ExpressVersion } from './promise';

/** Message types of test/transports/grpc/protos/codec that are answered here. */
export const TYPES = [
  ...(['Scalars', 'Optionals', 'Lists', 'Maps', 'Choice', 'Node', 'Names', 'Known'] as const),
  ...(['Defaults', 'Groups', 'Required'] as const),
] as const;

export type TypeName = (typeof TYPES)[number];

const LEGACY: readonly TypeName[] = ['Defaults', 'Groups', 'Required'];

export function fullNameOf(type: TypeName): string {
  return LEGACY.includes(type) ? `codec.legacy_types.${type}` : `codec.${type}`;
}

const PROTO = `syntax = "proto3"; package every;
  import "google/protobuf/wrappers.proto";
  import "codec/probe.proto"; import "codec/kinds.proto"; import "codec/known.proto";
  import "codec/legacy.proto";
  service Every { ${TYPES.map(
    (type) => `rpc ${type}(google.protobuf.BytesValue) returns (${fullNameOf(type)});`,
  ).join('\n')}
  ${TYPES.map((type) => `rpc Echo${type}(${fullNameOf(type)}) returns (${fullNameOf(type)});`).join('\n')} }`;

const echoValue = (request: Buffer) => {
  const reader = Reader.create(request);
  return reader.uint32() === 10 ? Buffer.from(reader.bytes()) : Buffer.alloc(0);
};

/** What a call came to: the data, or what the failure says. */
export type Outcome = { status: number; data?: any; code?: string; message?: string };

const ofFailure = ({ status, code, message }: Outcome): Outcome => ({ status, code, message });

/**
 * A server that answers with the bytes that it is given, each of its methods as another type; and the
 * ways on which the gateway reads them.
 */
export async function startBytes(express: ExpressVersion = 5) {
  const methods = Object.fromEntries(
    TYPES.flatMap((type) => [
      [`/every.Every/${type}`, echoValue],
      [`/every.Every/Echo${type}`, (request: Buffer) => request],
    ]),
  );
  const { address } = await startReflectionUpstream({ versions: [], methods });
  const root = writeFiles({ 'every.proto': PROTO });
  const base = { protoPath: 'every.proto', protoKey: 'every.Every' };
  const read = (data: unknown) => data;
  const actions = TYPES.flatMap((type) => [
    [type, { ...base, action: type }],
    [`Echo${type}`, { ...base, action: `Echo${type}` }],
    [`${type}Read`, { ...base, action: type, transformResponseData: read }],
  ]);
  const endpoints = { path: address, insecure: true };
  const schema = { root: { every: { endpoints, actions: Object.fromEntries(actions) } } };
  const config = { includeProtoRoots: [root, PROTO_ROOT] };
  const { api, post } = await startGateway(schema as never, config, { express });

  async function byHttp(action: string, value: string): Promise<Outcome> {
    const { status, json } = await post(`every/${action}`, { value });
    return status === 200 ? { status, data: json } : ofFailure(json);
  }
  const byApi = (action: string, value: string): Promise<Outcome> =>
    (api as any).every[action]({ args: { value } }).then(
      ({ responseData }: any) => ({ status: 200, data: JSON.parse(JSON.stringify(responseData)) }),
      ({ error }: any) => ofFailure(error),
    );

  return {
    /** Sends a message, which is the answer. */
    echo: (type: TypeName, args: object) => post(`every/Echo${type}`, args),
    /** As JSON text straight from the bytes where that can be; read for a hook; read for a caller. */
    outcomesOf: (type: TypeName, bytes: Buffer): Promise<[Outcome, Outcome, Outcome]> => {
      const value = bytes.toString('base64');
      return Promise.all([byHttp(type, value), byHttp(`${type}Read`, value), byApi(type, value)]);
    },
  };
}
