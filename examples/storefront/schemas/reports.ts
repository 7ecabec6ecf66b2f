import { rest } from '../../../lib';

export interface SalesReport {
  orders: number;
  revenue: number;
}

export const reports = {
  /** Slow: it ends with the browser's connection, so that nobody computes what nobody reads. */
  sales: rest<SalesReport>()({
    method: 'GET',
    path: '/reports/sales',
    timeout: 10_000,
    abortOnClientDisconnect: true,
  }),
};
