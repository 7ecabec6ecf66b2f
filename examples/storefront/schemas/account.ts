import { getTypedApiFactory, mixed, optional, required, settle } from '../../../lib';
import type { inventory } from './inventory';
import type { orders } from './orders';
import type { users } from './users';

/** What this mixed action calls, so that `api` is typed. */
type Called = {
  shop: {
    users: { actions: typeof users };
    orders: { actions: typeof orders };
    inventory: { actions: typeof inventory };
  };
};

const typed = getTypedApiFactory<Called>();

export const account = {
  /** A user, what the user has bought (REST) and could buy again (gRPC), in one request of the browser. */
  overview: mixed(async (api, { userId }: { userId: string }) => {
    const { shop } = typed(api);
    const { data } = await settle(shop, {
      bought: required((shop) => shop.orders.list({ userId })),
      // The page is worth showing without the name.
      user: optional((shop) => shop.users.get({ id: userId }), {
        fallback: { name: 'Customer' },
        timeoutMs: 800,
      }),
    });
    const { bought, user } = data;
    const stock = await Promise.all(
      bought.map(({ productId }) => shop.inventory.getStock({ productId })),
    );
    return {
      name: user.name,
      orders: bought.length,
      spent: bought.reduce((sum, { total }) => sum + total, 0),
      buyAgain: stock.filter(({ available }) => available > 0).map(({ productId }) => productId),
    };
  }),
};
