import { startGateway } from '../servers/start-gateway';

test.each([() => 'other', () => ({ status: 200 }), () => undefined])(
  'G3: an error that brings its own toJSON is answered as an error: %s',
  async (toJSON) => {
    const run = () => {
      const error = { status: 409, code: 'TAKEN', message: 'taken', toJSON };
      throw Object.assign(new Error('taken'), { error });
    };
    const { post } = await startGateway({ root: { s: { actions: { run } } } });
    expect(await post('s/run')).toMatchObject({
      status: 409,
      json: { status: 409, code: 'TAKEN', message: 'taken' },
    });
  },
);
