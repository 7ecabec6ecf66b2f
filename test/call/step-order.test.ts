import { recordingMethod, startGrpcAction } from '../servers/start-grpc-action';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const validationSchema = {
  type: 'object',
  properties: { ok: { const: true } },
  required: ['ok'],
};

type Step = 'endpoint' | 'proxyHeaders' | 'getAuthHeaders' | 'params' | 'path';

/** An action that notes its steps, and fails at one. */
async function start(kind: 'rest' | 'grpc', failing?: Step) {
  const steps: string[] = [];
  const step =
    <T>(name: Step, result: (...given: any[]) => T) =>
    async (...given: unknown[]): Promise<T> => {
      steps.push(name);
      // What comes after must wait for a step that is late.
      await new Promise(setImmediate);
      if (name === failing) throw Object.assign(new Error(name), { status: 418, code: name });
      return result(...given);
    };
  const sent = () => void steps.push('sent');
  const common = {
    validationSchema,
    proxyHeaders: step('proxyHeaders', () => ({})),
    getAuthHeaders: step('getAuthHeaders', () => ({})),
    params: step('params', () => ({})),
  };
  if (kind === 'grpc') {
    const { method } = recordingMethod();
    const Get = (call: any, callback: any) => (sent(), method(call, callback));
    const endpoint = step('endpoint', (endpoints: any) => endpoints.endpoint);
    const action = await startGrpcAction({ Get }, { ...common, endpoint } as never);
    return { ...action, steps };
  }
  const { url } = await startUpstream((_request, response) => (sent(), response.end()));
  const endpoint = step('endpoint', () => url);
  const path = step('path', () => '/');
  return { ...(await startRestAction(url, { ...common, endpoint, path } as never)), steps };
}

const ofGrpc = ['endpoint', 'proxyHeaders', 'getAuthHeaders', 'params'] as const;
const ofKind = { grpc: ofGrpc, rest: [...ofGrpc, 'path'] } as const;

describe.each(['rest', 'grpc'] as const)('a %s call', (kind) => {
  test('goes by validation, endpoint, headers and auth, params, path', async () => {
    const { call, steps } = await start(kind);
    await call({ args: { ok: true } });
    expect(steps).toEqual([...ofKind[kind], 'sent']);
  });

  test('with invalid args reaches none of them', async () => {
    const { call, steps } = await start(kind);
    expect((await failureOf(call())).error).toMatchObject({ status: 400, code: 'INVALID_PARAMS' });
    expect(steps).toEqual([]);
  });

  test.each(ofKind[kind])('that fails in %s goes no further', async (failing: Step) => {
    const { call, steps } = await start(kind, failing);
    const { error } = await failureOf(call({ args: { ok: true } }));
    expect(error).toMatchObject({ status: 418, code: failing });
    expect(steps.at(-1)).toBe(failing);
    expect(steps).toHaveLength((ofKind[kind] as readonly Step[]).indexOf(failing) + 1);
  });
});
