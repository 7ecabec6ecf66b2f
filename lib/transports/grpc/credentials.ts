import { readFileSync } from 'node:fs';
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

/** Credentials and what tells them apart from others. */
export interface ResolvedCredentials {
  /** Equal for equal credentials: mode and digests of the certificates, never the key itself. */
  readonly identity: string;
  readonly credentials: ChannelCredentials;
}

type Level = CertificatePaths & { insecure?: boolean; secureWithoutRootCert?: boolean };
const PATHS = ['caCertificatePath', 'clientCertificatePath', 'clientKeyPath'] as const;

function hasPaths(level: CertificatePaths): boolean {
  return PATHS.some((key) => level[key] !== undefined && level[key] !== null);
}

function pathsOf(...levels: CertificatePaths[]): CertificatePaths {
  const chosen: CertificatePaths = {};
  for (const key of PATHS)
    chosen[key] = levels.map((level) => level[key]).find((path) => path) ?? null;
  return chosen;
}

/** Makes credentials for one gateway; each file is read once, when the gateway is built. */
export class CredentialStore {
  private readonly files = new Map<string, Buffer>();
  private readonly made = new Map<string, ResolvedCredentials>();

  constructor(private readonly config: ResolvedConfig) {}

  /**
   * The first that applies: the endpoint's certificate paths (missing pieces from the action's), the
   * action's, `insecure` of either, `secureWithoutRootCert` of either, the config's, system roots.
   * Throws, naming it, for a file that cannot be read or does not parse.
   */
  resolve(definition: GrpcDefinition, endpoint: ActionEndpoint): ResolvedCredentials {
    const own: Level = typeof endpoint === 'object' ? (endpoint as ExtendedGrpcActionEndpoint) : {};
    for (const level of [own, definition as Level]) {
      if (level.insecure && hasPaths(level))
        throw new Error('insecure and certificate paths exclude each other');
    }
    if (hasPaths(own)) return this.secure(pathsOf(own, definition));
    if (hasPaths(definition)) return this.secure(pathsOf(definition));
    if (own.insecure ?? definition.insecure)
      return this.remember('insecure', () => credentials.createInsecure());
    if (own.secureWithoutRootCert ?? definition.secureWithoutRootCert) return this.secure({});
    return this.secure(pathsOf(this.config));
  }

  private secure({ caCertificatePath, clientCertificatePath, clientKeyPath }: CertificatePaths) {
    const [ca, certificate, key] = [caCertificatePath, clientCertificatePath, clientKeyPath].map(
      (path) => (path ? this.read(path) : null),
    );
    if (Boolean(key) !== Boolean(certificate)) {
      throw new Error('clientCertificatePath and clientKeyPath belong together');
    }
    const digests = [ca, certificate, key].map((file) => (file ? digestOf(file) : '-'));
    return this.remember(`tls ${digests.join(' ')}`, () => {
      checkParses(
        { ca: caCertificatePath, certificate: clientCertificatePath },
        ca,
        certificate,
        key,
      );
      return credentials.createSsl(ca ?? null, key ?? null, certificate ?? null);
    });
  }

  private remember(identity: string, create: () => ChannelCredentials): ResolvedCredentials {
    const known = this.made.get(identity);
    if (known) return known;
    const resolved = { identity, credentials: create() };
    this.made.set(identity, resolved);
    return resolved;
  }

  private read(path: string): Buffer {
    const known = this.files.get(path);
    if (known) return known;
    const file = readCertificate(path);
    this.files.set(path, file);
    return file;
  }
}

function readCertificate(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`the file ${path} cannot be read (${code ?? 'unknown'})`, { cause });
  }
}

function checkParses(
  paths: { ca?: string | null | undefined; certificate?: string | null | undefined },
  ca?: Buffer | null,
  cert?: Buffer | null,
  key?: Buffer | null,
): void {
  const isPem = (file: Buffer) => file.includes('-----BEGIN CERTIFICATE-----');
  if (ca && !isPem(ca)) throw new Error(`the file ${paths.ca} is no PEM certificate`);
  try {
    createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
  } catch (cause) {
    const files = [paths.ca, paths.certificate].filter(Boolean).join(', ');
    throw new Error(`the certificates of ${files} do not parse: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function digestOf(file: Buffer): string {
  return createHash('sha256').update(file).digest('base64url');
}
