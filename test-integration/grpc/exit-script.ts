import { getGatewayControllers } from '../../lib';

/** Makes calls of every kind to argv[2], then leaves it to the process to end by itself. */
async function main([address = '', protoRoot = '']: string[]) {
  const base = { protoKey: 'shop.Items', protoPath: 'shop.proto' };
  const actions = {
    get: { ...base, action: 'Get' },
    watch: { ...base, action: 'Watch', type: 'serverStream' },
    chat: { ...base, action: 'Chat', type: 'bidi' },
  } as const;
  const { api, close } = getGatewayControllers(
    { root: { items: { endpoints: { path: address, insecure: true }, actions } } },
    { includeProtoRoots: [protoRoot] },
  );
  await api.items.get({ args: { itemId: 'a' } });
  await api.items.get({ args: { itemId: 'slow' }, timeout: 100 }).catch(() => undefined);
  await api.items.watch({});
  await api.items.chat({});
  await close({ graceMs: 50 });
  console.log('closed');
}

void main(process.argv.slice(2));
