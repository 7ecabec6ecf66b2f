import { grpc, GrpcReflection } from '../../../lib';

export interface Quote {
  priceBySpeed: Record<string, number>;
  daysAtMost: number;
}

export const delivery = {
  /** The service describes itself when it is first called. */
  getQuote: grpc<Quote, { productId: string; city: string }>()({
    protoKey: 'delivery.Delivery',
    action: 'GetQuote',
    reflection: GrpcReflection.OnFirstRequest,
    reflectionRefreshSec: 300,
  }),
};
