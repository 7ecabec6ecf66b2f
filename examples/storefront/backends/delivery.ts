import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import type { Backend } from './start-backend';

interface QuoteRequest {
  product_id: string;
  city: string;
}

interface Quote {
  price_by_speed: Record<string, number>;
  days_at_most: number;
}

function getQuote({ request }: ServerUnaryCall<QuoteRequest, Quote>, done: sendUnaryData<Quote>) {
  const isNear = request.city === 'London';
  done(null, { price_by_speed: { normal: 3, express: 9 }, days_at_most: isNear ? 2 : 5 });
}

/** The gRPC service of delivery.proto, which describes itself: the gateway does not have its file. */
export async function startDelivery(): Promise<Backend> {
  const definition = loadSync(join(__dirname, 'delivery.proto'), { keepCase: true });
  const { Delivery } = loadPackageDefinition(definition)['delivery'] as unknown as {
    Delivery: ServiceClientConstructor;
  };
  const server = new Server();
  server.addService(Delivery.service, { getQuote });
  new ReflectionService(definition).addToServer(server);
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
