import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { getGatewayControllers } from '../../lib';

const url = 'http://127.0.0.1:1/users';

function build() {
  const list = { method: 'GET', path: '/users' } as const;
  return getGatewayControllers({
    root: { users: { endpoints: 'http://127.0.0.1:1', actions: { list } } },
  });
}

test('a mock of axios serves gateways built before and after it, and none once restored', async () => {
  const before = build();
  const mock = new MockAdapter(axios);
  mock.onGet(url).reply(200, { mocked: true });
  const gateways = [before, build()];
  for (const { api } of gateways) {
    const { responseData } = await api.users.list();
    expect(responseData).toEqual({ mocked: true });
  }
  mock.restore();
  for (const { api } of gateways) {
    await expect(api.users.list()).rejects.toMatchObject({ error: { code: 'ECONNREFUSED' } });
  }
});
