import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type {
  sendUnaryData,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Backend } from './start-backend';

interface StockRequest {
  productId: string;
}

interface Stock {
  productId: string;
  available: number;
}

const AVAILABLE = new Map([
  ['p1', 7],
  ['p2', 2],
  ['p3', 0],
]);
const SALES = 2;

function getStock({ request }: ServerUnaryCall<StockRequest, Stock>, done: sendUnaryData<Stock>) {
  const { productId } = request;
  const available = AVAILABLE.get(productId);
  if (available !== undefined) return done(null, { productId, available });
  done({ code: status.NOT_FOUND, details: 'There is no such product' });
}

function watchStock(call: ServerWritableStream<StockRequest, Stock>) {
  const { productId } = call.request;
  const now = AVAILABLE.get(productId) ?? 0;
  for (let sold = 0; sold <= Math.min(SALES, now); sold++) {
    call.write({ productId, available: now - sold });
  }
  call.end();
}

function loadService() {
  const loaded = loadPackageDefinition(loadSync(join(__dirname, 'inventory.proto')));
  const { Inventory } = loaded['inventory'] as unknown as { Inventory: ServiceClientConstructor };
  return Inventory.service;
}

/** The gRPC service of inventory.proto; its address has no scheme. */
export async function startInventory(): Promise<Backend> {
  const server = new Server();
  server.addService(loadService(), { getStock, watchStock });
  const port = await new Promise<number>((resolve, reject) => {
    const onBound = (error: Error | null, bound: number) =>
      error ? reject(error) : resolve(bound);
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), onBound);
  });
  return {
    url: `127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  };
}
