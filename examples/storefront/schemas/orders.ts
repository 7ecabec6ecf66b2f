import { rest } from '../../../lib';

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
};
