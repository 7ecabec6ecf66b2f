import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  cert: string;
  key: string;
}

const extensions = `
[ca]
basicConstraints = critical, CA:true
[leaf]
subjectAltName = DNS:localhost, IP:127.0.0.1
`;

/** Makes certificates with openssl, in a folder that goes away with the file's tests. */
export function makeCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  writeFileSync(at('extensions'), extensions);

  /** A certificate of `localhost` and 127.0.0.1, or, without issuer, an authority. */
  function make(name: string, issuer?: Certificate): Certificate {
    const made = { cert: at(`${name}.crt`), key: at(`${name}.key`) };
    const request = at(`${name}.csr`);
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', ...curve, '-keyout', made.key, '-out', request, '-subj', `/CN=${name}`);
    const signer = issuer
      ? ['-CA', issuer.cert, '-CAkey', issuer.key, '-CAcreateserial', '-extensions', 'leaf']
      : ['-signkey', made.key, '-extensions', 'ca'];
    const signed = ['-in', request, '-out', made.cert, '-days', '2', '-extfile', at('extensions')];
    openssl('x509', '-req', ...signed, ...signer);
    return made;
  }

  const ca = make('authority');
  return {
    ca: ca.cert,
    server: make('server', ca),
    client: make('client', ca),
    otherClient: make('other-client', ca),
    /** Of another authority, which nothing here trusts. */
    stranger: make('stranger', make('other-authority')),
    at,
    /** Writes a file beside the certificates and gives its path. */
    write: (name: string, text: string) => {
      writeFileSync(at(name), text);
      return at(name);
    },
  };
}
