/**
 * What the `colab` CLI (google-colab-cli 0.7.5) says, read: it has no JSON, writes notices of new versions on stdout, and answers
 * many failures with a Python traceback. Pure.
 */

/** What one call of the CLI printed, and how it ended. */
export interface ColabAnswer {
  /** Undefined where it was ended because it took too long. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine as the service lists it. */
export interface ListedMachine {
  /** The name that the CLI's own file has for it; undefined for one that it did not allocate, such as a browser's. */
  readonly name: string | undefined;
  readonly endpoint: string;
  /** Such as `T4`, or `CPU`. */
  readonly hardware: string;
}

/** The machines in what `colab sessions` printed. */
export function listedMachines(stdout: string): ListedMachine[] {
  return stdout.split('\n').flatMap((line) => {
    const [, name, endpoint, hardware] = /^\[([^\]]+)\] (\S+) \| Hardware: (\S+) \|/.exec(line.trim()) ?? [];
    if (endpoint === undefined || hardware === undefined) return [];
    return [{ name: name === '?' ? undefined : name, endpoint, hardware }];
  });
}

/** What the account has, as `colab usage` prints it; undefined where it says nothing of the kind. */
export function readUsage(stdout: string): { units: string; perHour: string } | undefined {
  const [, units] = /^Current balance: (\S+) compute units$/m.exec(stdout) ?? [];
  const [, perHour] = /^Usage rate: (\S+)\/hr$/m.exec(stdout) ?? [];
  return units === undefined || perHour === undefined ? undefined : { units, perHour };
}

/** Why a call failed, as far as it says. */
export type Failure =
  /** Nobody is signed in, or no longer. */
  | { readonly kind: 'signed-out' }
  /** The service has no machine for this account now: sessions, usage time, entitlement or capacity. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The CLI no longer finds the machine; whether the service still has it is to be asked. */
  | { readonly kind: 'unknown-machine' }
  /** Neither yes nor no came: the network, the service or the time. */
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

const signedOut =
  /Enter the authorization code|No valid default credentials|Client OAuth config not found|invalid_grant|RefreshError|: Unauthorized$/m;
const unknown = /appears to be lost \(404\/401\)|Session '[^']*' not found/;
const unreachable =
  /ConnectionError|ProxyError|SSLError|Max retries exceeded|Timeout|Connection was lost|Connection refused|Name or service not known|WebSocket/;

/** The failure of a call that did not do what was asked. */
export function failureOf({ exitCode, stdout, stderr }: ColabAnswer): Failure {
  const said = `${stdout}\n${stderr}`;
  if (signedOut.test(said)) return { kind: 'signed-out' };
  if (/Allocation refused/.test(said)) {
    return { kind: 'refused', why: 'too many sessions, or a limit of usage or capacity (412)' };
  }
  if (/Backend rejected accelerator/.test(said)) {
    return { kind: 'refused', why: 'the account has no quota or entitlement for this GPU now (400)' };
  }
  const why = lastLine(stderr) || lastLine(stdout) || 'it said nothing';
  // The service says so too when the account's usage time is over; the CLI shows nothing of the answer's text.
  if (/POST \S*\/tun\/m\/assign/.test(said) && /Service Unavailable|Bad Gateway|Gateway Time-?out/.test(said)) {
    return { kind: 'refused', why: 'usage time is over, or the service has no machine free (503)' };
  }
  if (unknown.test(said)) return { kind: 'unknown-machine' };
  if (exitCode === undefined) return { kind: 'unreachable', why: 'it gave no answer in time' };
  if (
    unreachable.test(said) ||
    /: (Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error)$/m.test(said)
  ) {
    return { kind: 'unreachable', why };
  }
  return { kind: 'failed', why };
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}

/** What begins a line that Nocturne's own code printed on the machine; everything else is the CLI's or the kernel's. */
export const frameMark = '@nocturne@';

/** The values that code on the machine printed behind the mark; lines that are no JSON are left out. */
export function framesIn(stdout: string): unknown[] {
  return stdout.split('\n').flatMap((line) => {
    const at = line.indexOf(frameMark);
    if (at < 0) return [];
    try {
      return [JSON.parse(line.slice(at + frameMark.length)) as unknown];
    } catch {
      return [];
    }
  });
}
