import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startReflectionUpstream } from '../../test/servers/start-reflection-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';
import { startProgram } from './start-program';

// A busy machine takes several times as long.
jest.setTimeout(120_000);

checkLeaks();

/** A program with a gateway over REST, gRPC and reflection, left to end by itself. */
async function run(what: string) {
  const { url } = await startUpstream((request, response) => {
    if (request.url === '/hang') response.write('begun');
    else if (request.url === '/long') response.end(Buffer.alloc(4e6));
    else sendJson(response, { ok: true });
  });
  const Get = ({ request }: any, callback: any) => {
    if (request.itemId !== 'hang') callback(null, {});
  };
  const keep = (call: any) => call.on('error', () => undefined);
  const grpc = await startGrpcUpstream({ Get, Watch: keep, Chat: keep });
  const methods = { '/zoo.Zoo/EchoAnimal': (bytes: Buffer) => bytes };
  const reflected = (await startReflectionUpstream({ methods })).address;
  const input = { what, rest: url, grpc: grpc.address, reflected, protoRoot: PROTO_ROOT };
  const { code, output, errors } = await startProgram('exiting', input).ended;
  return { code, errors, printed: output === '' ? '' : JSON.parse(output) };
}

promiseOnce(
  'S1',
  'Importing the package and building a gateway open no socket and start no timer.',
  () => {
    test('with REST, gRPC, TLS, reflection and mixed actions', async () => {
      expect(await run('build')).toEqual({ code: 0, errors: '', printed: [] });
    });
  },
);

promiseOnce('S2', 'After close() the process ends by itself, whatever was still running.', () => {
  test('after calls', async () => {
    expect(await run('close')).toEqual({ code: 0, errors: '', printed: 'done' });
  });

  test('with calls and streams that never end', async () => {
    const printed = ['GATEWAY_CLOSED', 'GATEWAY_CLOSED', 'GATEWAY_CLOSED'];
    expect(await run('close-while-running')).toEqual({ code: 0, errors: '', printed });
  });
});

promiseOnce('S3', 'No timer and no idle connection holds the process.', () => {
  test('it ends without close()', async () => {
    expect(await run('calls')).toEqual({ code: 0, errors: '', printed: 'done' });
  });

  test('it ends with a call that waits for nothing, and a stream that nobody reads', async () => {
    expect(await run('left')).toEqual({ code: 0, errors: '', printed: 'done' });
  });
});
