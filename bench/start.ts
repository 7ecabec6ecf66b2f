/** `npm run bench:start`: building gateways of 10, 100 and 1,000 actions, and loading the package. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BUILD = JSON.stringify(join(__dirname, '..', 'build'));
const ROUNDS = 7;

/** Each in a process of its own: nothing is warm. */
function run(script: string): Record<string, number | boolean> {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, number | boolean>;
}

function lowestOf(script: string, name: string): number {
  return Math.min(...Array.from({ length: ROUNDS }, () => Number(run(script)[name])));
}

const buildActions = (count: number) => `
  const { getGatewayControllers } = require(${BUILD});
  const actions = Object.fromEntries(Array.from({ length: ${count} }, (_, index) => [
    'action' + index,
    { method: 'GET', path: ({ id }) => '/items/' + id },
  ]));
  const schema = { shop: { items: { endpoints: 'http://localhost:4000', actions } } };
  const start = process.hrtime.bigint();
  getGatewayControllers(schema);
  console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - start) / 1e6 }));
`;
const load = `
  const start = process.hrtime.bigint();
  const { getGatewayControllers } = require(${BUILD});
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  getGatewayControllers({ shop: { items: { actions: { a: { method: 'GET', path: '/' } } } } });
  const files = Object.keys(require.cache);
  const has = (name) => files.some((file) => file.includes('/node_modules/' + name + '/'));
  console.log(JSON.stringify({ ms, grpc: has('@grpc/grpc-js'), protobuf: has('protobufjs') }));
`;

console.log('| what | ms, lowest of 7 |');
console.log('| --- | ---: |');
for (const count of [10, 100, 1000]) {
  console.log(
    `| building ${count} REST actions | ${lowestOf(buildActions(count), 'ms').toFixed(1)} |`,
  );
}
console.log(`| loading the package | ${lowestOf(load, 'ms').toFixed(1)} |`);
const { grpc, protobuf } = run(load);
console.log(`\nA gateway of REST actions has loaded grpc-js: ${grpc}, protobufjs: ${protobuf}`);
