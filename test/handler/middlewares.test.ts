import cors from 'cors';
import helmet from 'helmet';
import type { GatewayConfig } from '../../lib';
import { getGatewayControllers } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

type Config = GatewayConfig<any, any, any>;
const never = () => undefined;

async function thrownNull() {
  await Promise.resolve();
  throw null as unknown as Error;
}

async function start(config: Config, express: 4 | 5 = 5) {
  const upstream = await startUpstream((_request, response) => sendJson(response, { ok: true }));
  const run = { method: 'GET', path: '/it' } as const;
  const s = {
    endpoints: upstream.url,
    actions: { run, broken: () => Promise.reject(new Error('b')) },
  };
  const gateway = await startGateway({ root: { s } }, config, { express });
  return { ...gateway, upstream };
}

describe.each([4, 5] as const)('handlerMiddlewares (Express %i)', (express) => {
  test('run in order before the before-hook, async ones and those of connect too', async () => {
    const ran: string[] = [];
    const { post } = await start(
      {
        handlerMiddlewares: [
          cors({ origin: 'http://front.test' }),
          helmet(),
          async (_req, _res, next) => {
            await new Promise(setImmediate);
            ran.push('first');
            next();
          },
          (req, _res, next) => {
            ran.push(`second ${req.params.action}`);
            setImmediate(next);
          },
        ],
        onBeforeAction: () => void ran.push('before'),
      },
      express,
    );
    const { status, json, headers } = await post('s/run');
    expect({ status, json }).toEqual({ status: 200, json: { ok: true } });
    expect(ran).toEqual(['first', 'second run', 'before']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://front.test',
      'x-dns-prefetch-control': 'off',
    });
  });

  test('one that answers and does not call next ends the request', async () => {
    const later = jest.fn();
    const answering = (_req: any, res: any) => void res.status(202).json({ by: 'middleware' });
    const { post, upstream } = await start({ handlerMiddlewares: [answering, later] }, express);
    expect(await post('s/run')).toMatchObject({ status: 202, json: { by: 'middleware' } });
    expect(upstream.requests).toHaveLength(0);
    expect(later).not.toHaveBeenCalled();
  });

  test('one that neither answers nor calls next is cut off with 504 and named in the log', async () => {
    const { ctx, logged } = recordingErrors();
    function forgetful() {}
    let late: () => void = never;
    const { post, upstream } = await start(
      {
        middlewareTimeoutMs: 50,
        handlerMiddlewares: [
          (req, _res, next) => {
            req.ctx = ctx;
            next();
          },
          (req, _res, next) => {
            if (req.body.late) late = next;
            else next();
          },
          forgetful,
        ],
      },
      express,
    );
    const refused = { status: 504, json: { code: 'MIDDLEWARE_TIMEOUT', status: 504 } };
    expect(await post('s/run')).toMatchObject(refused);
    expect(logged.join()).toMatch(/Middleware forgetful neither answered nor called next/);
    expect(await post('s/run', { late: true })).toMatchObject(refused);
    late();
    expect(upstream.requests).toHaveLength(0);
  });

  test('an answer that one has begun is not cut off', async () => {
    const slow = (_req: any, res: any) => {
      res.write('a');
      setTimeout(() => res.end('b'), 300);
    };
    const { post } = await start({ middlewareTimeoutMs: 50, handlerMiddlewares: [slow] }, express);
    expect(await post('s/run')).toMatchObject({ status: 200, text: 'ab' });
  });

  test.each<[string, (next: (error?: unknown) => void) => unknown, object]>([
    [
      'next(error)',
      (next) => next(new Error('inner')),
      { status: 500, code: 'GATEWAY_REQUEST_ERROR' },
    ],
    [
      'next of a status',
      (next) => next({ status: 401, code: 'WHO' }),
      { status: 401, code: 'WHO' },
    ],
    [
      'a throw',
      () => {
        throw new Error('inner');
      },
      { status: 500 },
    ],
    ['a rejection of null', () => thrownNull(), { status: 500 }],
  ])('a failing one is a coded failure and nothing is sent: %s', async (_how, fail, expected) => {
    const failing = (_req: unknown, _res: unknown, next: () => void) => fail(next);
    const { post, upstream } = await start({ handlerMiddlewares: [failing] }, express);
    const { status, json, text } = await post('s/run');
    expect({ ...json, status }).toMatchObject(expected);
    expect(text).not.toContain('inner');
    expect(upstream.requests).toHaveLength(0);
  });

  test('they do not run for what the gateway does not have', async () => {
    const seeing = jest.fn((_req, _res, next) => next());
    const config = { handlerMiddlewares: [seeing], errorMiddlewares: [jest.fn()] };
    const { post } = await start(config, express);
    expect(await post('s/none')).toMatchObject({ status: 404 });
    expect(await post('none/run')).toMatchObject({ status: 404 });
    expect(seeing).not.toHaveBeenCalled();
    expect(config.errorMiddlewares[0]).not.toHaveBeenCalled();
  });
});

describe.each([4, 5] as const)('errorMiddlewares (Express %i)', (express) => {
  test('get every failure in order, and the default answer is the last', async () => {
    const seen: unknown[] = [];
    const noting = (error: any, _req: unknown, _res: unknown, next: (error?: unknown) => void) => {
      seen.push(error.error.code, error.status);
      next(error);
    };
    const { post } = await start({ errorMiddlewares: [noting, noting] }, express);
    expect(await post('s/broken')).toMatchObject({ status: 500, json: { message: 'b' } });
    expect(await post('s/run', '[]')).toMatchObject({ status: 400 });
    const both = (...pair: unknown[]) => [...pair, ...pair];
    expect(seen).toEqual([...both('GATEWAY_REQUEST_ERROR', 500), ...both('INVALID_BODY', 400)]);
  });

  test('one may answer, or hand another error on to onRequestFailed', async () => {
    const changing = (error: any, req: any, res: any, next: (error?: unknown) => void) => {
      if (req.body.answer) res.status(418).json({ by: 'middleware' });
      else if (req.body.keep) next();
      else next({ status: 409, code: 'OTHER', message: error.message });
    };
    const onRequestFailed = (_req: any, res: any, { status, code, message }: any) =>
      void res.status(status).json({ code, message, by: 'hook' });
    const { post } = await start({ errorMiddlewares: [changing], onRequestFailed }, express);
    expect(await post('s/broken', { answer: true })).toMatchObject({ status: 418 });
    expect(await post('s/broken', { keep: true })).toMatchObject({
      status: 500,
      json: { by: 'hook' },
    });
    expect(await post('s/broken')).toMatchObject({
      status: 409,
      json: { code: 'OTHER', message: 'b', by: 'hook' },
    });
  });

  test.each<[string, (...all: any[]) => unknown, object]>([
    [
      'that throws',
      () => {
        throw new TypeError('inner');
      },
      { status: 500 },
    ],
    ['that does nothing', never, { status: 504, json: { code: 'MIDDLEWARE_TIMEOUT' } }],
  ])('one %s does not keep the failure from being answered', async (_what, failing, expected) => {
    const config = { errorMiddlewares: [failing], middlewareTimeoutMs: 50 };
    const { post } = await start(config, express);
    expect(await post('s/broken')).toMatchObject(expected);
  });
});

test('a client that leaves takes its middleware along: no timer and no listener is left', async () => {
  const responses: any[] = [];
  let listeners = 0;
  const stuck = (_req: unknown, res: any) => {
    responses.push(res);
    listeners = res.listenerCount('finish');
  };
  const { port } = await start({ handlerMiddlewares: [stuck] });
  const abort = new AbortController();
  const url = `http://127.0.0.1:${port}/gateway/s/run`;
  const gone = fetch(url, { method: 'POST', signal: abort.signal }).catch(never);
  await eventually(() => responses.length === 1);
  abort.abort();
  await gone;
  await eventually(() => responses[0].destroyed && responses[0].listenerCount('close') === 0);
  expect(responses[0].listenerCount('finish')).toBe(listeners - 1);
});

test.each(['handlerMiddlewares', 'errorMiddlewares'])('%s must be functions', (name) => {
  const build = () => getGatewayControllers({ root: {} }, { [name]: ['cors'] });
  expect(build).toThrow(new RegExp(`config\\.${name} is an array, expected an array of functions`));
});

/** A context of a request, and the errors that it was told. */
function recordingErrors() {
  const logged: string[] = [];
  const { ctx } = createRecordingContext();
  const logError = (message: string, error: Error) => void logged.push(message, error.message);
  return { ctx: Object.assign(Object.create(ctx), { logError }) as object, logged };
}
