/**
 * Addresses that a server of ours listens on.
 */
import { isIP } from 'node:net';

/** Whether only this machine can reach what listens on the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The address as it stands in a URL. */
export function hostInUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
