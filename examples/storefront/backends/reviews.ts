import { startBackend } from './start-backend';

/** `GET /reviews/<product>`; every second request is answered 503. */
export function startReviews() {
  let requests = 0;
  return startBackend(({ pathname }) => {
    requests++;
    if (requests % 2 === 1) return { status: 503, body: { code: 'BUSY', message: 'Try again' } };
    return { body: { productId: pathname.split('/').at(-1), stars: 4.5 } };
  });
}
