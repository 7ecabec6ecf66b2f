import { getGatewayControllers } from '../../../lib';
import { makeCertificates } from '../../servers/make-certificates';
import { grpcActionAt, SHOP_GET, WITH_PROTOS } from '../../servers/start-grpc-action';

const { ca, client, stranger, at, write } = makeCertificates();
const garbage = write('garbage.pem', 'no certificate');
const broken = write(
  'broken.pem',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
);
const missing = at('missing.pem');

type Levels = { endpoint?: object; action?: object; config?: object };
const levels = ['endpoint', 'action', 'config'] as const;

function build({ endpoint, action, config }: Levels): () => unknown {
  const endpoints = { path: '127.0.0.1:1', ...endpoint };
  const run = { ...SHOP_GET, ...action };
  return () => {
    return getGatewayControllers(
      { billing: { items: { endpoints, actions: { run } } } },
      { ...WITH_PROTOS, ...config },
    );
  };
}

const pair = (cert: string, key: string) => ({ clientCertificatePath: cert, clientKeyPath: key });
const faults: [string, object, string][] = [
  ['a missing authority', { caCertificatePath: missing }, missing],
  ['an authority that is a folder', { caCertificatePath: at('') }, at('')],
  ['an authority that is no PEM', { caCertificatePath: garbage }, garbage],
  ['an authority that does not parse', { caCertificatePath: broken }, broken],
  ['a missing certificate', pair(missing, client.key), missing],
  ['a certificate that is no PEM', pair(garbage, client.key), garbage],
  ['a certificate that does not parse', pair(broken, client.key), broken],
  ['a missing key', pair(client.cert, missing), missing],
  ['a key that does not parse', pair(client.cert, garbage), garbage],
  ['a key of another certificate', pair(client.cert, stranger.key), stranger.key],
  ['a certificate without key', { clientCertificatePath: client.cert }, 'clientKeyPath'],
  ['a key without certificate', { clientKeyPath: client.key }, 'clientCertificatePath'],
];
const cases = levels.flatMap((level) =>
  faults.map(([name, paths, expected]) => [name, level, paths, expected] as const),
);

test.each(cases)('T3 %s of the %s fails the build', (_name, level, paths, expected) => {
  expect(build({ [level]: paths })).toThrow(
    expect.objectContaining({
      code: 'INVALID_ACTION',
      message: expect.stringMatching(/^Action billing\.items\.run: /),
    }),
  );
  expect(build({ [level]: paths })).toThrow(expected);
});

test.each(['endpoint', 'action'] as const)(
  'insecure and paths on the %s fail the build',
  (level) => {
    const both = { insecure: true, caCertificatePath: ca };
    expect(build({ [level]: both })).toThrow(/billing\.items\.run.*insecure/);
  },
);

test.each(['action', 'config'] as const)(
  'T3 a missing file of the %s fails the build also where a function chooses the endpoint',
  (level) => {
    const endpoint = () => ({ path: '127.0.0.1:1', insecure: true });
    const action = { endpoint, ...(level === 'action' && { caCertificatePath: missing }) };
    const config = level === 'config' ? { caCertificatePath: missing } : {};
    expect(build({ action, config })).toThrow(missing);
  },
);

test('T3 a missing file of the config fails the build where a level before it has its own', () => {
  const config = { caCertificatePath: missing };
  expect(build({ endpoint: { caCertificatePath: ca }, config })).toThrow(missing);
});

test.each([
  ['a missing file', { caCertificatePath: missing }],
  ['insecure beside a path', { insecure: true, caCertificatePath: ca }],
])('X3 %s of a chosen endpoint is a coded 500 that names no path', async (_name, level) => {
  const endpoint = () => ({ path: '127.0.0.1:1', ...level });
  const { post } = await grpcActionAt('unused', { endpoint });
  const answer = await post();
  expect(answer).toMatchObject({ status: 500, json: { message: 'Internal error' } });
  expect(answer.text).not.toMatch(/\.pem|\.crt|certificate/);
});
