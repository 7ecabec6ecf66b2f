import { rest } from '../../../lib';

export interface Review {
  productId: string;
  stars: number;
}

export const reviews = {
  /** The review service fails at times: three attempts in three seconds. */
  get: rest<Review, { productId: string }>()({
    method: 'GET',
    path: ({ productId }) => `/reviews/${productId}`,
    retries: 2,
    timeout: 3000,
  }),
};
