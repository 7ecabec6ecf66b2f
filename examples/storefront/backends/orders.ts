import { startBackend } from './start-backend';

const ORDERS = [
  { id: 'o1', userId: 'u1', productId: 'p1', total: 25 },
  { id: 'o2', userId: 'u1', productId: 'p3', total: 60 },
  { id: 'o3', userId: 'u2', productId: 'p2', total: 40 },
];

/** `GET /orders?userId=<id>`, for callers who have a token. */
export function startOrders() {
  return startBackend(({ searchParams }, { headers }) => {
    if (headers.authorization !== 'Bearer demo') {
      return { status: 401, body: { code: 'NO_TOKEN', message: 'A token is needed' } };
    }
    return { body: ORDERS.filter(({ userId }) => userId === searchParams.get('userId')) };
  });
}
