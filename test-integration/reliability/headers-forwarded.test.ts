import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { KINDS, PATHS, startKinds } from './start-kinds';
import type { KindsOptions } from './start-kinds';

checkLeaks();

const client = { 'x-forwarded-for': '10.0.0.9, 10.0.0.8', 'x-real-ip': '10.0.0.9' };
const names = Object.keys(client);

const copy = (headers: object) => ({ ...headers });
const COPIERS: [string, object][] = [
  ['unasked', {}],
  ['named', { proxyHeaders: ['X-Forwarded-For', 'X-Real-IP'] }],
  ['copied by proxyHeaders', { proxyHeaders: copy }],
  ['copied by params', { params: (body: object, headers: object) => ({ body, headers }) }],
];
const BY_AUTH = { getAuthHeaders: ({ requestHeaders }: any) => copy(requestHeaders) };

promise(
  'H6',
  "By default, and with forwardedHeaders 'pass', x-forwarded-for and x-real-ip of the client go on as they are.",
  (express) => {
    test.each<[string, KindsOptions['config']]>([
      ['by default', {}],
      ['pass', { forwardedHeaders: 'pass' }],
    ])('%s', async (_name, config) => {
      for (const [, definition] of COPIERS) {
        const { send } = await startKinds(express, { config: config ?? {}, definition });
        for (const path of PATHS) {
          expect(await send(path, client)).toMatchObject({ status: 200, sent: client });
        }
      }
    });
  },
);

promise(
  'H6',
  "With forwardedHeaders 'drop' the client's x-forwarded-for and x-real-ip do not go on, however they are copied; what a hook makes itself does.",
  (express) => {
    const config = { forwardedHeaders: 'drop' } as const;

    test.each<[string, object]>([...COPIERS, ['copied by auth', BY_AUTH]])(
      '%s',
      async (_copier, definition) => {
        const { send } = await startKinds(express, { config, definition });
        for (const path of PATHS) {
          const { status, sent } = await send(path, client);
          expect(status).toBe(200);
          for (const name of names) expect(sent).not.toHaveProperty(name);
        }
      },
    );

    test('made by a hook', async () => {
      const made = { 'x-real-ip': '192.0.2.1', 'x-forwarded-for': '192.0.2.1' };
      const definition = { proxyHeaders: () => made };
      const { send } = await startKinds(express, { config, definition });
      for (const path of PATHS) {
        expect(await send(path, client)).toMatchObject({ status: 200, sent: made });
      }
    });
  },
);

promise(
  'H6',
  "With forwardedHeaders 'append' the address of the client is added to x-forwarded-for, once, or is all of it; a call through `api` has none to add.",
  (express) => {
    const config = { forwardedHeaders: 'append' } as const;
    const read = (sent: any) => String(sent['x-forwarded-for']).replaceAll('::ffff:', '');

    test.each<[string, object]>([...COPIERS, ['copied by auth', BY_AUTH]])(
      '%s',
      async (_copier, definition) => {
        const { send } = await startKinds(express, { config, definition });
        for (const kind of KINDS) {
          const { sent } = await send([kind, 'controller'], client);
          expect(read(sent)).toBe('10.0.0.9, 10.0.0.8, 127.0.0.1');
          expect(sent).toMatchObject({ 'x-real-ip': '10.0.0.9' });
          expect(read((await send([kind, 'controller'])).sent)).toBe('127.0.0.1');
          expect(await send([kind, 'api'], client)).toMatchObject({ sent: client });
          expect((await send([kind, 'api'])).sent).not.toHaveProperty('x-forwarded-for');
        }
      },
    );
  },
);
