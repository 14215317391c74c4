/** A certificate for the hosts that the `colab` CLI asks, made anew for each stand-in. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file that clients are to trust. */
  readonly path: string;
}

/** Makes one with openssl in this folder; it vouches for itself. */
export function makeCertificate(folder: string, hosts: readonly string[]): Certificate {
  const key = join(folder, 'key.pem');
  const path = join(folder, 'cert.pem');
  const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`;
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=stand-in'];
  execFileSync('openssl', [...request, '-addext', names, '-keyout', key, '-out', path], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(path, 'utf8'), path };
}
