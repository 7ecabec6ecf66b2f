import { readFileSync, rmSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import { getGatewayControllers } from '../../lib';
import { makeCertificates } from '../../test/servers/make-certificates';
import { grpcActionAt, SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';

checkLeaks();

const { ca, client, otherClient, server, stranger, at, write } = makeCertificates();
const trust = { caCertificatePath: ca };
const distrust = { caCertificatePath: stranger.cert };
const identityOf = ({ cert, key }: typeof client) => {
  return { clientCertificatePath: cert, clientKeyPath: key };
};
const nobody = { caCertificatePath: null, clientCertificatePath: null, clientKeyPath: null };
const mine = { ...trust, ...identityOf(client) };
const others = { ...trust, ...identityOf(otherClient) };
const foreign = { ...trust, ...identityOf(stranger) };

interface Levels {
  endpoint?: object;
  action?: object;
  config?: object;
}

/** Who the server says that the caller is; the status of a call that it refuses. */
async function whoIs({ endpoint, action, config }: Levels, wantsIdentity = true) {
  const Get = (call: any, callback: any) => {
    const { subject } = call.getAuthContext().sslPeerCertificate ?? {};
    callback(null, { itemId: subject?.CN ?? 'nobody' });
  };
  const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
  const credentials = ServerCredentials.createSsl(readFileSync(ca), [pair], wantsIdentity);
  const { address } = await startGrpcUpstream({ Get }, { credentials });
  const endpoints = { path: address, ...endpoint };
  const { post } = await grpcActionAt(endpoints, action, config);
  const { status, json } = await post();
  return status === 200 ? json.itemId : status;
}

const LEVELS = ['endpoint', 'action', 'config'] as const;

promiseOnce(
  'T3',
  'The certificates of the endpoint, of the action or of the config are each effective alone.',
  () => {
    test.each(LEVELS)('an authority of the %s', async (level) => {
      expect(await whoIs({ [level]: trust }, false)).toBe('nobody');
      expect(await whoIs({ [level]: distrust }, false)).toBe(503);
    });

    test.each(LEVELS)('an identity of the %s', async (level) => {
      expect(await whoIs({ [level]: mine })).toBe('client');
      expect(await whoIs({ [level]: trust })).toBe(503);
      expect(await whoIs({ [level]: foreign })).toBe(503);
    });
  },
);

promiseOnce(
  'T3',
  "The endpoint's certificates come before the action's, and these before the config's.",
  () => {
    test.each<[string, Levels, unknown]>([
      ['endpoint before action', { endpoint: mine, action: others }, 'client'],
      ['endpoint before config', { endpoint: mine, config: others }, 'client'],
      ['action before config', { action: mine, config: others }, 'client'],
      ['endpoint before both', { endpoint: others, action: mine, config: mine }, 'other-client'],
      ['endpoint, also where only the others would do', { endpoint: foreign, action: mine }, 503],
      ['action, also where only the config would do', { action: foreign, config: mine }, 503],
      [
        "pieces that the endpoint lacks are the action's",
        { endpoint: trust, action: identityOf(client) },
        'client',
      ],
      ['null is unset', { endpoint: nobody, action: nobody, config: mine }, 'client'],
    ])('%s', async (_name, levels, expected) => {
      expect(await whoIs(levels)).toBe(expected);
    });
  },
);

promiseOnce(
  'T3',
  'A certificate or key file that is missing or cannot be read fails the build, on each level, also where another level is effective.',
  () => {
    const garbage = write('garbage.pem', 'no certificate');
    const faults: [string, object, string][] = [
      ['a missing authority', { caCertificatePath: at('lost.pem') }, at('lost.pem')],
      ['an authority that is a folder', { caCertificatePath: at('') }, at('')],
      ['an authority that is none', { caCertificatePath: garbage }, garbage],
      [
        'a missing certificate',
        identityOf({ cert: at('lost.pem'), key: client.key }),
        at('lost.pem'),
      ],
      ['a missing key', identityOf({ cert: client.cert, key: at('lost.key') }), at('lost.key')],
      ['a key that is none', identityOf({ cert: client.cert, key: garbage }), garbage],
    ];
    const cases = LEVELS.flatMap((level) => faults.map((fault) => [level, ...fault] as const));

    function build({ endpoint, action, config }: Levels): () => unknown {
      const run = { ...SHOP_GET, ...action };
      const items = { endpoints: { path: '127.0.0.1:1', ...endpoint }, actions: { run } };
      return () =>
        getGatewayControllers({ shop: { items } } as never, { ...WITH_PROTOS, ...config });
    }

    test.each(cases)('%s: %s', (level, _name, paths, named) => {
      const over = level === 'endpoint' ? {} : { endpoint: mine };
      for (const levels of [{ [level]: paths }, { ...over, [level]: paths }]) {
        expect(build(levels)).toThrow(named);
        expect(build(levels)).toThrow('shop.items.run');
      }
    });

    test.each(LEVELS)('%s: a key of another certificate, where it is effective', (level) => {
      const paths = identityOf({ cert: client.cert, key: stranger.key });
      expect(build({ [level]: paths })).toThrow(stranger.key);
    });

    test('files are read when the gateway is built, not later', async () => {
      const passing = write('passing.pem', readFileSync(ca, 'utf8'));
      const level = { caCertificatePath: passing };
      const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
      const credentials = ServerCredentials.createSsl(null, [pair]);
      const Get = (_call: unknown, callback: any) => callback(null, { itemId: 'a' });
      const { address } = await startGrpcUpstream({ Get }, { credentials });
      const { post } = await grpcActionAt({ path: address, ...level });
      rmSync(passing);
      expect(await post()).toMatchObject({ status: 200 });
    });
  },
);
