import { createApp } from './express-app';

/** What Express, express.json and res.send cost without any upstream. */
export function createExpressAlone() {
  const body = { id: '42', name: 'An item of the catalogue', price: 12.5, tags: ['new', 'sale'] };
  return createApp((_req, res) => void res.json(body));
}
