import { startGateway } from '../servers/start-gateway';
import { watchProcess } from '../servers/watch-process';

watchProcess();

const fails = () => Promise.reject(Object.assign(new Error('no'), { status: 409 }));
const slow = async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return 'slow';
};

test('G2: an inner call that fails before the function comes to wait for it is not unhandled', async () => {
  const both = async ({ s }: any) => {
    const [first, second] = [s.slow(), s.fails()];
    return [await first, await second];
  };
  const { post } = await startGateway({ root: { s: { actions: { fails, slow, both } } } });
  expect(await post('s/both')).toMatchObject({ status: 409, json: { message: 'no' } });
});

test('G2: nor is one that nobody ever waits for', async () => {
  const started = ({ s }: any) => void s.fails();
  const { post } = await startGateway({ root: { s: { actions: { fails, started } } } });
  expect(await post('s/started')).toMatchObject({ status: 200 });
});
