import { createHook } from 'node:async_hooks';

export interface ExitingInput {
  what: 'build' | 'calls' | 'left' | 'close' | 'close-while-running';
  rest: string;
  grpc: string;
  reflected: string;
  protoRoot: string;
}

/** What would hold a process, or run in it, as `async_hooks` names it. */
const KINDS =
  /^(Timeout|TCPWRAP|TCPCONNECTWRAP|TLSWRAP|GETADDRINFOREQWRAP|HTTP2SESSION|QUERYWRAP|UDPWRAP)$/;
const opened: string[] = [];
let isWatching = false;

createHook({
  init: (_id, type) => {
    if (isWatching && KINDS.test(type)) opened.push(type);
  },
}).enable();

const shop = { protoKey: 'shop.Items', protoPath: 'shop.proto' } as const;

function createSchema({ rest, grpc, reflected }: ExitingInput) {
  const over = (path: string) => ({ path, insecure: true });
  const zoo = { protoKey: 'zoo.Zoo', action: 'EchoAnimal' } as const;
  return {
    root: {
      rest: {
        endpoints: rest,
        actions: {
          get: { method: 'GET', path: '/', retries: 2 },
          post: { method: 'POST', path: '/', retries: 2 },
          stream: { method: 'GET', path: '/hang', responseType: 'stream', timeout: 600_000 },
          hang: { method: 'GET', path: '/hang', timeout: 600_000 },
          long: { method: 'GET', path: '/long', responseType: 'stream', timeout: 600_000 },
        },
      },
      grpc: {
        endpoints: over(grpc),
        actions: {
          get: { ...shop, action: 'Get' },
          brief: {
            ...shop,
            action: 'Get',
            timeout: 100,
            params: () => ({ body: { itemId: 'hang' } }),
          },
          hang: {
            ...shop,
            action: 'Get',
            timeout: 600_000,
            params: () => ({ body: { itemId: 'hang' } }),
          },
          watch: { ...shop, action: 'Watch', type: 'serverStream' },
          chat: { ...shop, action: 'Chat', type: 'bidi' },
        },
      },
      secure: { endpoints: grpc, actions: { get: { ...shop, action: 'Get' } } },
      reflected: {
        endpoints: over(reflected),
        actions: { run: { ...zoo, reflection: 'onFirstRequest', reflectionRefreshSec: 1 } },
      },
      mixed: {
        actions: {
          hang: (api: any) => api.rest.hang(),
          wait: () => new Promise(() => undefined),
        },
      },
    },
  } as const;
}

async function main(input: ExitingInput): Promise<void> {
  const { what } = input;
  isWatching = what === 'build';
  const { getGatewayControllers } = await import('../../../lib/index.js');
  const gateway = getGatewayControllers(createSchema(input) as never, {
    includeProtoRoots: [input.protoRoot],
  });
  const { close } = gateway;
  const api = gateway.api as any;
  if (isWatching) return console.log(JSON.stringify(opened));
  await Promise.all([api.rest.get(), api.rest.get(), api.rest.post()]);
  await Promise.all([api.grpc.get(), api.grpc.brief().catch(() => undefined)]);
  await api.reflected.run();
  if (what === 'left') {
    await api.rest.long();
    void api.mixed.wait({ timeout: 600_000 });
  }
  if (what === 'close') await close();
  if (what === 'close-while-running') {
    const names = [api.rest.hang, api.grpc.hang, api.mixed.hang];
    const running = names.map((call) => call().catch(({ error }: any) => error.code as string));
    await Promise.all([api.rest.stream(), api.grpc.watch(), api.grpc.chat()]);
    await close({ graceMs: 50 });
    return console.log(JSON.stringify(await Promise.all(running)));
  }
  console.log('"done"');
}

void main(JSON.parse(process.argv[2] ?? '{}') as ExitingInput);
