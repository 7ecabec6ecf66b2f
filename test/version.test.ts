import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../lib/version';
import { startGateway } from './servers/start-gateway';
import { startUpstream } from './servers/start-upstream';

const { version } = JSON.parse(
  readFileSync(join(__dirname, '..', 'package.json'), 'utf8'),
) as Record<string, string>;

test('VERSION is the version of the package', () => {
  expect(VERSION).toBe(version);
});

test('upstreams are told the version of the package', async () => {
  const upstream = await startUpstream();
  const actions = { get: { method: 'GET', path: '/' } } as const;
  const { api } = await startGateway({ root: { users: { endpoints: upstream.url, actions } } });
  await api.users.get();
  expect(upstream.last.headers['x-gateway-version']).toBe(version);
});
