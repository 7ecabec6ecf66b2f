import { rest } from '../../../lib';

export interface User {
  id: string;
  name: string;
  city: string;
}

export const users = {
  get: rest<User, { id: string }>()({
    method: 'GET',
    path: ({ id }) => `/users/${id}`,
  }),
};
