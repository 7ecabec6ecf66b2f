import { createHash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { ResolvedConfig } from '../../config/resolve-config';
import type {
  ActionEndpoint,
  CertificatePaths,
  ExtendedGrpcActionEndpoint,
  GrpcDefinition,
} from '../../schema/definitions';
import { CertificateFiles } from './certificate-files';
import { endConnections } from './end-connections';
import { createTlsCredentials } from './tls-credentials';

/** Credentials and what tells them apart from others. */
export interface ResolvedCredentials {
  /** Equal for equal credentials: mode and digests of the certificates, never the key itself. */
  readonly identity: string;
  readonly credentials: ChannelCredentials;
}

type Level = CertificatePaths & { insecure?: boolean; secureWithoutRootCert?: boolean };
const PATHS = ['caCertificatePath', 'clientCertificatePath', 'clientKeyPath'] as const;

function isSet(path: string | null | undefined): path is string {
  return path !== undefined && path !== null;
}

function hasPaths(level: CertificatePaths): boolean {
  return PATHS.some((key) => isSet(level[key]));
}

function pathsOf(...levels: CertificatePaths[]): CertificatePaths {
  const chosen: CertificatePaths = {};
  for (const key of PATHS) chosen[key] = levels.map((level) => level[key]).find(isSet) ?? null;
  return chosen;
}

function levelOf(endpoint: ActionEndpoint | undefined): Level {
  return typeof endpoint === 'object' ? (endpoint as ExtendedGrpcActionEndpoint) : {};
}

function assertNotBoth(level: Level): void {
  if (level.insecure && hasPaths(level))
    throw new Error('insecure and certificate paths exclude each other');
}

/** Makes credentials for one gateway. */
export class CredentialStore {
  private readonly files = new CertificateFiles();
  private readonly made = new Map<string, ResolvedCredentials>();

  constructor(private readonly config: ResolvedConfig) {}

  /** Throws for what is wrong on any level, used or not; the endpoint may be unknown until a call. */
  check(definition: GrpcDefinition, endpoint: ActionEndpoint | undefined): void {
    for (const level of [levelOf(endpoint), definition as Level, this.config]) {
      assertNotBoth(level);
      for (const key of PATHS) if (isSet(level[key])) this.files.read(key, level[key]);
    }
    if (endpoint !== undefined) this.resolve(definition, endpoint);
  }

  /**
   * The first that applies: the endpoint's certificate paths (missing pieces from the action's), the
   * action's, `insecure` of either, `secureWithoutRootCert` of either, the config's, system roots.
   * Throws, naming it, for a file that cannot be read or does not parse.
   */
  resolve(definition: GrpcDefinition, endpoint: ActionEndpoint): ResolvedCredentials {
    const own = levelOf(endpoint);
    assertNotBoth(own);
    if (hasPaths(own)) return this.secure(pathsOf(own, definition));
    if (hasPaths(definition)) return this.secure(pathsOf(definition));
    if (own.insecure ?? definition.insecure)
      return this.remember('insecure', () => credentials.createInsecure());
    if (own.secureWithoutRootCert ?? definition.secureWithoutRootCert) return this.secure({});
    return this.ofConfig();
  }

  /** The config's certificate paths, else the system's roots. */
  ofConfig(): ResolvedCredentials {
    return this.secure(pathsOf(this.config));
  }

  private secure(paths: CertificatePaths): ResolvedCredentials {
    const [ca = null, cert = null, key = null] = PATHS.map((option) => {
      const path = paths[option];
      return isSet(path) ? this.files.read(option, path) : null;
    });
    if (Boolean(key) !== Boolean(cert)) {
      throw new Error('clientCertificatePath and clientKeyPath belong together');
    }
    const digests = [ca, cert, key].map((file) => (file ? digestOf(file) : '-'));
    return this.remember(`tls ${digests.join(' ')}`, () => {
      if (cert && key) assertPair(paths, cert, key);
      return createTlsCredentials(ca, key, cert);
    });
  }

  private remember(identity: string, create: () => ChannelCredentials): ResolvedCredentials {
    const known = this.made.get(identity);
    if (known) return known;
    const resolved = { identity, credentials: endConnections(create()) };
    this.made.set(identity, resolved);
    return resolved;
  }
}

function assertPair(paths: CertificatePaths, cert: Buffer, key: Buffer): void {
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const files = `${paths.clientCertificatePath} and ${paths.clientKeyPath}`;
    const { message } = cause as Error;
    throw new Error(`the files ${files} are no certificate with its key: ${message}`, { cause });
  }
}

function digestOf(file: Buffer): string {
  return createHash('sha256').update(file).digest('base64url');
}
