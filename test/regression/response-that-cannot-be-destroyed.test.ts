import { getGatewayControllers } from '../../lib';

test.each([{}, { socket: {} }, { socket: null }, { headersSent: true }])(
  'G1: the controller resolves for a response that cannot even be destroyed: %j',
  async (response) => {
    const { controller } = getGatewayControllers({ root: { s: { actions: { run: () => 1 } } } });
    await expect(controller({} as never, response as never)).resolves.toBeUndefined();
  },
);
