import { Metadata } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { encodeMessage } from '../../servers/encode-message';
import { grpcActionAt } from '../../servers/start-grpc-action';
import { BUNDLED_PROTOS, grpcError, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { writeFiles } from './echo-protos';

const PROTO = `syntax = "proto3"; package trouble;
  import "google/rpc/error_details.proto";
  message Trouble {
    string reason = 1;
    google.rpc.DebugInfo debug = 2;
    repeated google.rpc.DebugInfo list = 3;
    map<string, google.rpc.DebugInfo> by_name = 4;
    Trouble inner = 5;
    oneof either { google.rpc.DebugInfo chosen = 6; string other = 7; }
  }
  message Nothing {}
  service Troubles { rpc Get(Nothing) returns (Nothing); }`;

const secret = { detail: 'secret-inner', stackEntries: ['at secret-inner'] };

/** An action that fails with the trouble as a status detail. */
async function start(trouble: object, jsonFormat: string, config: object = {}) {
  const root = writeFiles({ 'trouble.proto': PROTO });
  const types = loadSync('trouble.proto', { includeDirs: [root, BUNDLED_PROTOS] });
  const { serialize } = types['trouble.Trouble'] as MessageTypeDefinition<object, object>;
  const detail = {
    type_url: 'type.googleapis.com/trouble.Trouble',
    value: serialize({ reason: 'KEPT', ...trouble }),
  };
  const metadata = new Metadata();
  const status = encodeMessage('google.rpc.Status', { code: 3, details: [detail] });
  metadata.set('grpc-status-details-bin', status);
  const { address } = await startGrpcUpstream(
    { Get: (_call: any, callback: any) => callback(grpcError(3, 'told', metadata)) },
    { root, proto: 'trouble.proto', service: 'trouble.Troubles' },
  );
  return grpcActionAt(
    { path: address, insecure: true },
    { protoPath: 'trouble.proto', protoKey: 'trouble.Troubles', jsonFormat } as never,
    { includeProtoRoots: [root], ...config },
  );
}

const places: [string, object][] = [
  ['a field', { debug: secret }],
  ['a list', { list: [secret, secret] }],
  ['a map', { byName: { a: secret } }],
  ['a message in a message', { inner: { inner: { debug: secret } } }],
  ['a oneof', { chosen: secret }],
];
const cases = (['loader', 'canonical'] as const).flatMap((jsonFormat) =>
  places.map(([place, trouble]) => [jsonFormat, place, trouble] as const),
);

test.each(cases)(
  'R3 in %s, DebugInfo that is the typed value of %s is removed unless debug is on',
  async (jsonFormat, _place, trouble) => {
    const hidden = await (await start(trouble, jsonFormat)).post();
    expect(hidden.text).toContain('KEPT');
    expect(hidden.text).not.toContain('secret-inner');

    const shown = await (await start(trouble, jsonFormat, { withDebugHeaders: true })).post();
    expect(shown.text).toContain('secret-inner');
  },
);

test('R3 api is given typed DebugInfo', async () => {
  const { call } = await start({ debug: secret }, 'loader');
  const { error } = await failureOf(call());
  expect(error.details.details[0]).toMatchObject({ reason: 'KEPT', debug: secret });
});
