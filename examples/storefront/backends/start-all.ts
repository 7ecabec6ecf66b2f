import { startOrders } from './orders';
import { startProducts } from './products';
import { startReports } from './reports';
import { startStock } from './stock';
import { startUsers } from './users';

/** Where each backend listens. */
export interface BackendUrls {
  users: string;
  orders: string;
  products: string;
  stock: string;
  reports: string;
}

export async function startBackends() {
  const [users, orders, products, stock, reports] = await Promise.all([
    startUsers(),
    startOrders(),
    startProducts(),
    startStock(),
    startReports(),
  ]);
  const all = [users, orders, products, stock, reports];
  const urls: BackendUrls = {
    users: users.url,
    orders: orders.url,
    products: products.url,
    stock: stock.url,
    reports: reports.url,
  };
  return { urls, stop: () => Promise.all(all.map((backend) => backend.stop())) };
}
