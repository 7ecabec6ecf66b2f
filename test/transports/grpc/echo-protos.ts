import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getGatewayControllers } from '../../../lib';
import type { GatewayConfig } from '../../../lib';
import { closeAfterTest } from '../../servers/closing';

/** Files in a folder of their own, as text by path. */
export function writeFiles(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'protos-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  closeAfterTest(() => Promise.resolve(rmSync(folder, { recursive: true })));
  return folder;
}

/** A service `<name>` that echoes messages of the type, in the package. */
export function proto(
  packageName: string,
  imports: string[] = [],
  type = 'Message',
  rest = '',
): string {
  return `syntax = "proto3"; package ${packageName};
    ${imports.map((path) => `import "${path}";`).join('\n')}
    service Echo { rpc Send(${type}) returns (${type}); } ${rest}`;
}

export function messageProto(packageName: string, fields = 'string text_field = 1;'): string {
  return `syntax = "proto3"; package ${packageName}; message Message { ${fields} }`;
}

/** A gateway with one action `echo.send` of the service. */
export function buildEcho(
  protoPath: string,
  protoKey: string,
  config: GatewayConfig,
  address = 'a:1',
) {
  const endpoints = { path: address, insecure: true };
  const send = { protoPath, protoKey, action: 'Send' };
  const gateway = getGatewayControllers(
    { root: { echo: { endpoints, actions: { send } } } },
    config,
  );
  closeAfterTest(() => gateway.close({ graceMs: 0 }));
  return gateway;
}
