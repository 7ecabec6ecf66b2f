import { failureOf } from '../../test/servers/start-rest-action';
import type { Answered } from '../../test/servers/start-gateway';

/** What a failure says of itself; a code may be a pattern. */
export interface Told {
  status: number;
  code: string | RegExp;
}

interface Action {
  post: (args?: unknown, headers?: Record<string, string>) => Promise<Answered>;
  call: (input?: object) => Promise<unknown>;
}

/** A generated request id could have the digits of a port in it. */
const requestId = { 'x-request-id': 'r' };

/** The action fails in the same words through the controller and through `api`; gives the answer. */
export async function expectFailure(action: Action, { status, code }: Told): Promise<Answered> {
  const told = {
    status,
    code: typeof code === 'string' ? code : expect.stringMatching(code),
    message: expect.stringMatching(/./),
  };
  const answer = await action.post({}, requestId);
  expect({ status: answer.status, ...answer.json }).toMatchObject(told);
  expect(answer.status).toBe(status);
  expect((await failureOf(action.call())).error).toMatchObject(told);
  return answer;
}
