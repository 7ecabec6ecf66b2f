// In a project of yours: import { defineSchema } from 'sallyport';
import { defineSchema } from '../../../lib';
import type { BackendUrls } from '../backends/start-all';
import { account } from './account';
import { delivery } from './delivery';
import { inventory } from './inventory';
import { orders } from './orders';
import { products } from './products';
import { reports } from './reports';
import { reviews } from './reviews';
import { users } from './users';

/**
 * Two scopes. The backends of this example listen on free ports; services of yours name their
 * endpoints here, or by installation and environment (docs/schema.md).
 */
export function createSchemas(urls: BackendUrls) {
  return {
    shop: defineSchema({
      users: { endpoints: urls.users, actions: users },
      orders: { endpoints: urls.orders, actions: orders },
      products: { endpoints: urls.products, actions: products },
      reviews: { endpoints: urls.reviews, actions: reviews },
      inventory: {
        endpoints: { path: urls.inventory, insecure: true },
        actions: inventory,
      },
      delivery: {
        endpoints: { path: urls.delivery, insecure: true },
        actions: delivery,
      },
      account: { actions: account },
    }),
    office: defineSchema({
      reports: { endpoints: urls.reports, actions: reports },
    }),
  };
}
