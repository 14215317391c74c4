/** Which hosts this process sends requests to, by fetch or by node:http: Node says so itself. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The names of all hosts that `act` sends a request to. */
export async function hostsAsked(act: () => Promise<unknown>): Promise<readonly string[]> {
  const hosts = new Set<string>();
  const byFetch = (message: unknown) => {
    const { request } = message as { readonly request: { readonly origin: string | URL } };
    hosts.add(new URL(request.origin).hostname);
  };
  const byHttp = (message: unknown) => {
    const { request } = message as { readonly request: { readonly host: string } };
    hosts.add(request.host);
  };
  subscribe('undici:request:create', byFetch);
  subscribe('http.client.request.start', byHttp);
  try {
    await act();
  } finally {
    unsubscribe('undici:request:create', byFetch);
    unsubscribe('http.client.request.start', byHttp);
  }
  return [...hosts].sort();
}
