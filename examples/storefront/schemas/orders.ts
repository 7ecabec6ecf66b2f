import { rest } from '../../../lib';
import { signedIn } from './sign-in';
import type { Customer } from './sign-in';

export interface Order {
  id: string;
  userId: string;
  productId: string;
  total: number;
}

export const orders = {
  list: rest<Order[], { userId: string }>()({
    method: 'GET',
    path: '/orders',
    params: ({ userId }) => ({ query: { userId } }),
  }),
  /** Those of the customer that the token names: nobody can ask for another's. */
  mine: rest<Order[]>()({
    method: 'GET',
    path: '/orders',
    interceptors: [signedIn],
    params: (_args, _headers, { state }) => ({
      query: { userId: (state['customer'] as Customer).id },
    }),
  }),
};
