import { startDelivery } from './delivery';
import { startInventory } from './inventory';
import { startOrders } from './orders';
import { startProducts } from './products';
import { startReports } from './reports';
import { startReviews } from './reviews';
import { startUsers } from './users';

/** Where each backend listens. */
export interface BackendUrls {
  users: string;
  orders: string;
  products: string;
  reviews: string;
  reports: string;
  /** Host and port: gRPC has no scheme. */
  inventory: string;
  delivery: string;
}

export async function startBackends() {
  const [users, orders, products, reviews, reports, inventory, delivery] = await Promise.all([
    startUsers(),
    startOrders(),
    startProducts(),
    startReviews(),
    startReports(),
    startInventory(),
    startDelivery(),
  ]);
  const all = [users, orders, products, reviews, reports, inventory, delivery];
  const urls: BackendUrls = {
    users: users.url,
    orders: orders.url,
    products: products.url,
    reviews: reviews.url,
    reports: reports.url,
    inventory: inventory.url,
    delivery: delivery.url,
  };
  return { urls, stop: () => Promise.all(all.map((backend) => backend.stop())) };
}
