import { rest } from '../../../lib';

export interface Product {
  id: string;
  title: string;
  price: number;
}

export interface ProductPage {
  items: Product[];
  total: number;
  currency: string;
}

/** Checked before anything is sent: wrong args are answered 400 `INVALID_PARAMS`. */
const SEARCH_ARGS = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: {
    text: { type: 'string', minLength: 1, maxLength: 100 },
    limit: { type: 'integer', minimum: 1, maximum: 50 },
  },
};

export const products = {
  search: rest<ProductPage, { text: string; limit?: number }>()({
    method: 'GET',
    path: '/products',
    params: ({ text, limit }) => ({ query: { q: text, limit } }),
    validationSchema: SEARCH_ARGS,
    proxyHeaders: ['x-currency'],
  }),
};
