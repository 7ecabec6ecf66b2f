import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { closeAfterTest } from '../../test/servers/closing';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';

test('S2 close leaves no handle open: the process ends by itself', async () => {
  const Get = (call: any, callback: any) => {
    if (call.request.itemId !== 'slow') callback(null, {});
  };
  const keepOpen = (call: any) => call.on('error', () => undefined);
  const { address } = await startGrpcUpstream({ Get, Watch: keepOpen, Chat: keepOpen });

  const script = join(__dirname, 'exit-script.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, address, PROTO_ROOT]);
  closeAfterTest(() => Promise.resolve(child.kill('SIGKILL')));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect({ code, output }).toEqual({ code: 0, output: 'closed\n' });
}, 20_000);
