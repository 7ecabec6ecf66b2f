import { join } from 'node:path';
import { grpc } from '../../../lib';

export interface Stock {
  productId: string;
  available: number;
}

const service = {
  protoPath: join(__dirname, '..', 'backends', 'inventory.proto'),
  protoKey: 'inventory.Inventory',
};

export const inventory = {
  getStock: grpc<Stock, { productId: string }>()({ ...service, action: 'GetStock' }),
  /** For callers on the server: over HTTP a stream of gRPC is answered 501. */
  watchStock: grpc<Stock, { productId: string }>()({
    ...service,
    action: 'WatchStock',
    type: 'serverStream',
  }),
};
