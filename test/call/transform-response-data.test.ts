import { startGrpcAction } from '../servers/start-grpc-action';
import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';
import { createRecordingContext } from '../fakes/recording-context';

const args = { itemId: 'a' };

/** An action of the kind whose upstream answers, with what it was transformed by. */
async function start(kind: 'rest' | 'grpc') {
  const seen: any[] = [];
  const transformResponseData = (...given: unknown[]) => {
    seen.push(given);
    return Promise.resolve({ transformed: true });
  };
  const action =
    kind === 'rest'
      ? await startRestAction((await startUpstream()).url, { transformResponseData })
      : await startGrpcAction(
          { Get: (_call: any, callback: any) => callback(null, { itemId: 'b' }) },
          { transformResponseData },
        );
  return { ...action, seen };
}

describe.each([
  ['rest', { ok: true }],
  ['grpc', expect.objectContaining({ itemId: 'b' })],
] as const)('transformResponseData of a %s action', (kind, data) => {
  test('is given the data, and args, ctx and the headers of the request', async () => {
    const { call, seen } = await start(kind);
    const context = createRecordingContext();
    const headers = { 'x-in': '1' };
    const { responseData } = await call({ args, headers, ctx: context.ctx });
    expect(responseData).toEqual({ transformed: true });
    expect(seen).toEqual([[data, { args, ctx: expect.anything(), headers }]]);
    seen[0][1].ctx.log('from the hook');
    expect(context.children()[0]?.logs).toContainEqual({ message: 'from the hook' });
  });

  test('is given them through the controller too', async () => {
    const { post, seen } = await start(kind);
    expect((await post(args, { 'x-in': '1' })).json).toEqual({ transformed: true });
    const [[given, options]] = seen;
    expect(given).toEqual(data);
    expect(options).toMatchObject({ args, headers: { 'x-in': '1' } });
    expect(options.headers).not.toHaveProperty('x-gateway-version');
  });
});
