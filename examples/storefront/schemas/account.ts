import { getTypedApiFactory, mixed } from '../../../lib';
import type { orders } from './orders';
import type { users } from './users';

/** What this mixed action calls, so that `api` is typed. */
type Called = {
  shop: {
    users: { actions: typeof users };
    orders: { actions: typeof orders };
  };
};

const typed = getTypedApiFactory<Called>();

export const account = {
  /** A user and what the user has bought, in one request of the browser. */
  overview: mixed(async (api, { userId }: { userId: string }) => {
    const { shop } = typed(api);
    const [user, bought] = await Promise.all([
      shop.users.get({ id: userId }),
      shop.orders.list({ userId }),
    ]);
    const spent = bought.reduce((sum, { total }) => sum + total, 0);
    return { name: user.name, orders: bought.length, spent };
  }),
};
