import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CertificatePaths } from '../../schema/definitions';

export type CertificateOption = keyof CertificatePaths;

const CERTIFICATE =
  /-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----[^]+?-----END \1?CERTIFICATE-----/g;

/** The certificates and keys of one gateway: each file is read and parsed once. */
export class CertificateFiles {
  private readonly files = new Map<string, Buffer>();

  /** Throws, naming it, for a file that cannot be read or does not parse. */
  read(option: CertificateOption, path: string): Buffer {
    const name = `${option} ${path}`;
    const known = this.files.get(name);
    if (known) return known;
    const file = readWhole(option, path);
    try {
      assertParses(option, file);
    } catch (cause) {
      throw new Error(`${option}: the file ${path} does not parse: ${(cause as Error).message}`, {
        cause,
      });
    }
    this.files.set(name, file);
    return file;
  }
}

function readWhole(option: CertificateOption, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new Error(`${option}: the file ${path} cannot be read (${code})`, { cause });
  }
}

function assertParses(option: CertificateOption, file: Buffer): void {
  if (option === 'clientKeyPath') return void createPrivateKey(file);
  const certificates = file.toString('latin1').match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error('it has no PEM certificate');
  for (const certificate of certificates) new X509Certificate(certificate);
}
