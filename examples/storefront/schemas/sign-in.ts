import { bearerAuth } from '../../../lib';

export interface Customer {
  id: string;
}

const CUSTOMER_BY_TOKEN = new Map<string, Customer>([['demo', { id: 'u1' }]]);

/** For actions that only customers may call. With tokens of a real issuer: `jwtAuth`. */
export const signedIn = bearerAuth({
  verify: (token) => CUSTOMER_BY_TOKEN.get(token),
  stateKey: 'customer',
});
