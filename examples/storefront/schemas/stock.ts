import { rest } from '../../../lib';

export interface Stock {
  productId: string;
  available: number;
}

export const stock = {
  /** The stock service fails at times: three attempts in three seconds. */
  get: rest<Stock, { productId: string }>()({
    method: 'GET',
    path: ({ productId }) => `/stock/${productId}`,
    retries: 2,
    timeout: 3000,
  }),
};
