import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { findViolations } from './architecture-rules';

const lib = join(__dirname, '..', 'lib');

function readSources(): Record<string, string> {
  const paths = existsSync(lib) ? readdirSync(lib, { recursive: true, encoding: 'utf8' }) : [];
  return Object.fromEntries(
    paths
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path.split(sep).join('/'), readFileSync(join(lib, path), 'utf8')]),
  );
}

test('lib/ keeps to its architecture', () => {
  expect(findViolations(readSources())).toEqual([]);
});

test.each([
  ['an outward import', 'errors/body.ts', `import { callOnce } from '../call/run-call';`],
  ['an unlisted neighbour', 'api/create-api.ts', `import { merge } from '../headers/merge';`],
  ['a type of an outer folder', 'headers/auth.ts', `import type { Call } from '../call/call';`],
  ['a value where types are allowed', 'schema/walk.ts', `import { a } from '../headers/auth';`],
  ['a value of config', 'call/call.ts', `import { resolve } from '../config/resolve-config';`],
  ['a value of context', 'handler/handler.ts', `import { silent } from '../context';`],
  ['the entry point', 'handler/handler.ts', `import { rest } from '..';`],
  ['a sibling transport', 'transports/rest/url.ts', `import '../grpc/metadata';`],
  ['a sibling interceptor', 'interceptors/cache/cache.ts', `export * from '../telemetry/log';`],
  ['a sibling adapter', 'adapters/vite/vite.ts', `import type { A } from '../express/a';`],
  ['a path out of lib/', 'gateway.ts', `import { version } from '../package.json';`],
  ['a folder without a place', 'gateway.ts', `import { a } from './other/a';`],
  ['a library away from home', 'call/retry.ts', `import axios, { type AxiosError } from 'axios';`],
  ['a library in the entry point', 'index.ts', `export { Router } from 'express';`],
  ['a subpath of a library', 'schema/walk.ts', `import standalone from 'ajv/dist/standalone';`],
  ['a library without a home', 'call/call.ts', `import get from 'left-pad';`],
  ['a builtin without its prefix', 'call/call.ts', `import http from 'http';`],
  ['import equals', 'call/retry.ts', `import axios = require('axios');`],
  ['require', 'call/retry.ts', `const load = () => require('axios');`],
  ['dynamic import', 'call/retry.ts', `const load = async () => import('@grpc/grpc-js');`],
  ['a computed import', 'call/retry.ts', `const load = (name: string) => import(name);`],
  ['re-export', 'compile/compile-action.ts', `export { send } from '../transports/rest/send';`],
  ['process.env', 'schema/endpoints.ts', `const read = () => process.env.APP_ENV;`],
  ['globalThis.process.env', 'gateway.ts', `const read = () => globalThis.process['env'];`],
  ['env of process', 'gateway.ts', `const read = () => { const { env } = process; return env; };`],
  ['env of node:process', 'gateway.ts', `import { env as variables } from 'node:process';`],
  ['a module-level let', 'call/call.ts', `let calls = 0;`],
  ['an exported module-level var', 'call/call.ts', `export var calls = 0;`],
  ['a star export', 'index.ts', `export * from './gateway';`],
  ['a named star export', 'index.ts', `export * as errors from './errors/codes';`],
  ['a bucket folder', 'call/utils/pad.ts', ``],
  ['a bucket file', 'headers/helpers.ts', ``],
  ['a camel-case file', 'headers/proxyHeaders.ts', ``],
  ['an unknown folder', 'other/thing.ts', ``],
  ['an unknown root file', 'other.ts', ``],
  ['a policy without a folder', 'interceptors/cache.ts', ``],
])('finds %s', (_name, path, source) => {
  expect(findViolations({ [path]: source })).toEqual([expect.stringContaining(`${path}: `)]);
});

test.each([
  ['an inward import', 'call/run-call.ts', `import { toBody } from '../errors/body';`],
  ['an import inside a folder', 'headers/merge.ts', `import { isSecret } from './sensitive';`],
  ['an import inside a sibling', 'transports/rest/url.ts', `import { a } from './path/a';`],
  ['a value of context in call', 'call/call.ts', `import { silentContext } from '../context';`],
  ['a type of context', 'handler/handler.ts', `import type { Context } from '../context';`],
  ['a type of config', 'adapters/express/a.ts', `import { type C } from '../../config/config';`],
  ['any type in config', 'config/config.ts', `import type { Send } from '../transports/rest/a';`],
  ['a type of headers in schema', 'schema/walk.ts', `type H = import('../headers/auth').Auth;`],
  ['a type of a library', 'call/retry.ts', `import type { AxiosError } from 'axios';`],
  ['type exports of a library', 'schema/walk.ts', `export { type Request } from 'express';`],
  ['a library at home', 'transports/rest/client.ts', `import axios from 'axios';`],
  ['a builtin', 'call/call.ts', `import { randomUUID } from 'node:crypto';`],
  ['the version', 'headers/defaults.ts', `import { version } from '../version';`],
  ['anything in the gateway', 'gateway.ts', `import { app } from './adapters/express/app';`],
  ['anything in the index', 'index.ts', `export { createApi } from './api/create-api';`],
  ['the environment', 'config/resolve-config.ts', `const read = () => process.env.APP_ENV;`],
  ['a let in a function', 'call/call.ts', `function count() { let calls = 0; return ++calls; }`],
])('allows %s', (_name, path, source) => {
  expect(findViolations({ [path]: source })).toEqual([]);
});
