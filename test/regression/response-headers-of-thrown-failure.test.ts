import { GatewayCallError } from '../../lib';
import type { Interceptor } from '../../lib';
import { startGateway } from '../servers/start-gateway';

test('response headers of a failure that an interceptor makes itself are answered', async () => {
  const refusing: Interceptor = () => () => {
    const error = { status: 403, code: 'NO', message: 'No' };
    throw new GatewayCallError(error).withResponseHeaders({ 'x-why': 'closed' });
  };
  const s = { actions: { run: () => 1 } };
  const { post } = await startGateway({ root: { s } }, { interceptors: [refusing] });
  const { status, headers } = await post('s/run');
  expect({ status, why: headers['x-why'] }).toEqual({ status: 403, why: 'closed' });
});
