import { NOT_FOUND, startBackend } from './start-backend';

const USERS = [
  { id: 'u1', name: 'Ada', city: 'London' },
  { id: 'u2', name: 'Grace', city: 'New York' },
];

/** `GET /users/<id>` */
export function startUsers() {
  return startBackend(({ pathname }) => {
    const user = USERS.find(({ id }) => pathname === `/users/${id}`);
    return user ? { body: user } : NOT_FOUND;
  });
}
