import { getGatewayControllers } from '../../lib';
import { makeCertificates } from '../../test/servers/make-certificates';
import { SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { watchProcess } from '../../test/servers/watch-process';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';

checkLeaks();
watchProcess();

const { at, write, ca, client, stranger } = makeCertificates();
const proto = (name: string, text: string) => ({
  protoPath: write(name, `syntax = "proto3";\n${text}`),
});
const rest = { method: 'GET', path: '/' };

interface Mistake {
  action?: unknown;
  service?: object;
  config?: object;
}
type Case = [name: string, mistake: Mistake, named: string];

function buildError({ action = rest, service, config }: Mistake): any {
  const users = { endpoints: 'http://127.0.0.1:1', actions: { get: action }, ...service };
  try {
    getGatewayControllers({ shop: { users } } as never, { ...WITH_PROTOS, ...config });
  } catch (error) {
    return error;
  }
  throw new Error('the gateway was built');
}

function expectNamed(mistake: Mistake, named: string, place = 'shop.users'): void {
  const error = buildError(mistake);
  expect(error).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) });
  expect(error.message).toContain(named);
  expect(error.message).toContain(place);
}

const schema = (validationSchema: object) => ({ action: { ...rest, validationSchema } });
const grpc = (more: object) => ({
  action: { ...SHOP_GET, ...more },
  service: { endpoints: '127.0.0.1:1' },
});
const certificates = (paths: object) => grpc(paths);
const pair = (clientCertificatePath: string, clientKeyPath: string) =>
  certificates({ clientCertificatePath, clientKeyPath });
const query = 'message Query {}';
const items = 'service Items { rpc Get(Query) returns (Query); }';

const schemas: Case[] = [
  ['an action of no kind', { action: {} }, 'shop.users.get'],
  ['an action that is null', { action: null }, 'shop.users.get'],
  ['an unknown method', { action: { ...rest, method: 'FETCH' } }, 'method'],
  ['an action without a path', { action: { method: 'GET' } }, 'path'],
  ['actions that are a list', { service: { actions: [] } }, 'actions'],
  ['a timeout that is text', { action: { ...rest, timeout: '5' } }, 'timeout'],
  ['negative retries', { action: { ...rest, retries: -1 } }, 'retries'],
  ['an unknown type of stream', grpc({ type: 'stream' }), 'type'],
  [
    'an unknown way of reflection',
    grpc({ protoPath: undefined, reflection: 'always' }),
    'reflection',
  ],
];
const patterns: Case[] = [
  [
    'a pattern that does not compile',
    schema({ properties: { id: { pattern: '(' } } }),
    'validationSchema',
  ],
  ['a type that does not exist', schema({ type: 'strnig' }), 'validationSchema'],
  ['a keyword that does not exist', schema({ requierd: ['id'] }), 'validationSchema'],
  ['a reference to nowhere', schema({ $ref: '#/nowhere' }), 'validationSchema'],
  [
    'a schema of the config',
    { config: { validationSchema: { type: 'strnig' } } },
    'validationSchema',
  ],
];
const protos: Case[] = [
  ['a proto file that is not there', grpc({ protoPath: 'lost.proto' }), 'lost.proto'],
  ['a proto file that does not parse', grpc(proto('broken.proto', 'message {')), 'broken.proto'],
  [
    'an import that is not there',
    grpc(proto('import.proto', 'import "gone.proto";')),
    'gone.proto',
  ],
  ['a message that is not there', grpc(proto('untyped.proto', `package shop; ${items}`)), 'Query'],
  ['a service that is not in the file', grpc({ protoKey: 'shop.Lost' }), 'shop.Lost'],
  ['a service without its package', grpc({ protoKey: 'Items' }), 'Items'],
  ['a message in place of a service', grpc({ protoKey: 'shop.Item' }), 'shop.Item'],
  ['a service of another file', grpc(proto('bare.proto', `package shop; ${query}`)), 'shop.Items'],
  ['a stream method as unary', grpc({ action: 'Watch' }), 'shop.Items.Watch'],
  ['a unary method as a stream', grpc({ type: 'serverStream' }), 'shop.Items.Get'],
  [
    'a method that is not there, with strict',
    { ...grpc({ action: 'Lost' }), config: { strict: true } },
    'Lost',
  ],
];
const garbage = write('garbage.pem', 'no certificate');
const certificateFiles: Case[] = [
  [
    'an authority that is not there',
    certificates({ caCertificatePath: at('lost.pem') }),
    at('lost.pem'),
  ],
  ['an authority that is a folder', certificates({ caCertificatePath: at('') }), at('')],
  ['an authority that is no certificate', certificates({ caCertificatePath: garbage }), garbage],
  ['a certificate that is not there', pair(at('lost.pem'), client.key), at('lost.pem')],
  ['a certificate that is none', pair(garbage, client.key), garbage],
  ['a key that is not there', pair(client.cert, at('lost.key')), at('lost.key')],
  ['a key that is none', pair(client.cert, garbage), garbage],
  ['a key of another certificate', pair(client.cert, stranger.key), stranger.key],
  [
    'a certificate without its key',
    certificates({ clientCertificatePath: client.cert }),
    'clientKeyPath',
  ],
  [
    'insecure beside an authority',
    certificates({ insecure: true, caCertificatePath: ca }),
    'insecure',
  ],
];
const endpoints = (given: unknown) => ({ service: { endpoints: given } });
const place = { installation: 'main', env: 'test' };
const named = (endpoint: unknown) => ({
  ...endpoints({ main: { test: { endpoint } } }),
  config: place,
});
const endpointForms: Case[] = [
  ['an endpoint that is no URL', endpoints('upstream'), 'upstream'],
  ['an endpoint of another scheme', endpoints('ftp://upstream'), 'ftp://upstream'],
  ['an endpoint that is a number', named(5), 'endpoint'],
  ['an endpoint without a path', named({ axiosConfig: {} }), 'endpoint'],
  [
    'a timeout of an endpoint that is text',
    named({ path: 'http://a', axiosConfig: { timeout: '5' } }),
    'timeout',
  ],
  ['endpoints that are a list', endpoints(['http://a']), 'Endpoints'],
  ['endpoints by name only', endpoints({ endpoint: 'http://a' }), 'endpoint'],
  [
    'endpoints by installation, and no installation',
    { ...named('http://a'), config: { env: 'test' } },
    'installation',
  ],
  [
    'endpoints by installation, and no env',
    { ...named('http://a'), config: { installation: 'main' } },
    'env',
  ],
  ['a gRPC endpoint that is no address', { ...grpc({}), ...endpoints('http://') }, 'http://'],
];

promiseOnce(
  'G6',
  'A mistake in a schema fails the build, and the error names the action and the field.',
  () => {
    test.each(schemas)('%s', (_name, mistake, text) => expectNamed(mistake, text));
  },
);

promiseOnce(
  'G6',
  'A validation schema that is not valid fails the build, and the error names the action.',
  () => {
    test.each(patterns)('%s', (_name, mistake, text) =>
      expectNamed(mistake, text, 'shop.users.get'),
    );
  },
);

promiseOnce(
  'G6',
  'A proto file, import, service or method that is missing or does not fit fails the build, and the error names it and the action.',
  () => {
    test.each(protos)('%s', (_name, mistake, text) => expectNamed(mistake, text, 'shop.users.get'));
  },
);

promiseOnce(
  'G6',
  'A certificate or key that is missing or unreadable fails the build, and the error names it and the action.',
  () => {
    test.each(certificateFiles)('%s', (_name, mistake, text) => {
      expectNamed(mistake, text, 'shop.users.get');
    });
  },
);

promiseOnce(
  'G6',
  'An endpoint that can never be called fails the build, and the error names it and its service.',
  () => {
    test.each(endpointForms)('%s', (_name, mistake, text) => expectNamed(mistake, text));
  },
);

promiseOnce(
  'G6',
  'A mistake in the config fails the build, and the error names the option.',
  () => {
    test.each<[string, object, string]>([
      ['an entry of `actions`', { actions: ['shop.*', 'shop.lost.*'] }, 'shop.lost.*'],
      ['a timeout', { timeout: -1 }, 'config.timeout'],
      ['a limit', { limits: { queue: 'many' } }, 'config.limits.queue'],
      ['an option of axios', { axiosConfig: { timeout: 'long' } }, 'config.axiosConfig.timeout'],
      ['a choice', { retryWrites: 'never' }, 'config.retryWrites'],
      ['forwardedHeaders', { forwardedHeaders: 'keep' }, 'config.forwardedHeaders'],
      ['jsonFormat', { jsonFormat: 'proto' }, 'config.jsonFormat'],
      ['a language', { defaultLang: 'a\r\nb' }, 'config.defaultLang'],
      ['a misspelt option, with strict', { strict: true, timout: 5 }, 'timout'],
    ])('%s', (_name, config, text) => expectNamed({ config }, text, ''));
  },
);

promiseOnce(
  'G6',
  'One mistake fails the whole build: no gateway runs without an action that it was given.',
  () => {
    test('however many actions are right', () => {
      const actions = { right: rest, wrong: { ...rest, method: 'FETCH' }, other: rest };
      expectNamed({ service: { actions } }, 'shop.users.wrong');
    });
  },
);
