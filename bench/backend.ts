import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const COUNT = 200;
const SMALL = { id: '42', name: 'An item of the catalogue', price: 12.5, tags: ['new', 'sale'] };
const LIST = Array.from({ length: COUNT }, (_, index) => ({
  id: `item-${index}`,
  name: `An item of the catalogue, number ${index}`,
  price: index + 0.5,
  tags: ['new', 'sale'],
}));
const ITEM = {
  item_id: '42',
  display_name: 'An item',
  stock_count: 7,
  unit_price: 12.5,
  is_active: true,
};
const ITEMS = Array.from({ length: COUNT }, (_, index) => ({
  item_id: `item-${index}`,
  display_name: `An item, number ${index}`,
  stock_count: index,
  unit_price: index + 0.5,
  is_active: index % 2 === 0,
}));

const bodies = {
  small: Buffer.from(JSON.stringify(SMALL)),
  list: Buffer.from(JSON.stringify(LIST)),
};

function answer(res: ServerResponse, body: Buffer): void {
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('content-length', body.length);
  res.end(body);
}

function startHttp(): Promise<number> {
  const server = createServer((req, res) => {
    const body = req.url?.startsWith('/list') ? bodies.list : bodies.small;
    if (req.method === 'GET') return answer(res, body);
    req.resume().on('end', () => answer(res, body));
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function startGrpc(): Promise<number> {
  const definition = loadSync(join(__dirname, 'items.proto'), { keepCase: true });
  const { Items } = loadPackageDefinition(definition)['bench'] as unknown as {
    Items: ServiceClientConstructor;
  };
  const server = new Server();
  type Done = (error: null, message: object) => void;
  server.addService(Items.service, {
    GetSmall: (_call: unknown, done: Done) => done(null, ITEM),
    GetList: (_call: unknown, done: Done) => done(null, { items: ITEMS }),
  });
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

async function main(): Promise<void> {
  const [http, grpc] = await Promise.all([startHttp(), startGrpc()]);
  process.send?.({ http: `http://127.0.0.1:${http}`, grpc: `127.0.0.1:${grpc}` });
}

void main();
