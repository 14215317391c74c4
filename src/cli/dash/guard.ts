/**
 * Who may read the page, and what may be asked for through it.
 *
 * On this machine's own address no token is needed, but only under the names of this machine: a name of somebody's own that
 * points here (DNS rebinding) is refused. Whoever comes through a proxy, a named tunnel or the network has another name
 * and needs the token. What changes anything needs, in addition, a secret that only the page has, in a header that no other
 * site's page can send.
 */
import { isSameSecret } from '../../adapters/same-secret.ts';

export interface Keys {
  /** In the address of whoever is not on this machine. */
  readonly token: string;
  /** In the page, for what it asks for. */
  readonly secret: string;
  /** Whether also those on this machine need the token. */
  readonly isTokenNeeded: boolean;
}

/** What is known of a request. */
export interface Asked {
  readonly method: string;
  /** The header of that name; so are the next four. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly secret: string | undefined;
  readonly contentType: string | undefined;
  /** In its address. */
  readonly token: string | undefined;
}

/** Why a request is refused; undefined for one that is not. */
export interface Refused {
  readonly status: 403 | 405;
  readonly said: string;
}

/** Whether a request is answered. */
export function refuse(asked: Asked, keys: Keys): Refused | undefined {
  const hasToken = isSameSecret(asked.token, keys.token);
  if (!hasToken && (keys.isTokenNeeded || !isOfThisMachine(asked.host))) return noToken;
  if (asked.method === 'GET' || asked.method === 'HEAD') return undefined;
  if (asked.method !== 'POST') return { status: 405, said: 'Only GET and POST are answered.' };
  const isOwn = isFromOwnPage(asked) && isSameSecret(asked.secret, keys.secret);
  return isOwn && asked.contentType?.startsWith('application/json') ? undefined : notOwn;
}

const noToken: Refused = {
  status: 403,
  said: 'This page needs the token that `nocturne dash` printed: open the address with ?token=… as it stands in the terminal.',
};
const notOwn: Refused = {
  status: 403,
  said: 'Only the page itself may ask for this. Load it again if the server was started anew.',
};

/** Whether a Host header names this machine as seen from itself, at any port: a tunnel may end at another one. */
export function isOfThisMachine(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i.test(host);
}

/** A browser says where a request is from; behind a proxy its Host may be another one than the page's. */
function isFromOwnPage({ fetchSite, origin, host }: Asked): boolean {
  if (fetchSite !== undefined) return fetchSite === 'same-origin';
  return origin === undefined || hostOf(origin) === host;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
