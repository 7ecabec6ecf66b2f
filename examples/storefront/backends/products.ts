import { startBackend } from './start-backend';

const PRODUCTS = [
  { id: 'p1', title: 'Tea pot', price: 25 },
  { id: 'p2', title: 'Coffee pot', price: 40 },
  { id: 'p3', title: 'Tea set', price: 60 },
];

/** `GET /products?q=<text>&limit=<n>`; the header `x-currency` chooses the currency. */
export function startProducts() {
  return startBackend(({ searchParams }, { headers }) => {
    const text = (searchParams.get('q') ?? '').toLowerCase();
    const found = PRODUCTS.filter(({ title }) => title.toLowerCase().includes(text));
    const items = found.slice(0, Number(searchParams.get('limit') ?? 10));
    return { body: { items, total: found.length, currency: headers['x-currency'] ?? 'USD' } };
  });
}
