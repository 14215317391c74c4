/**
 * What a session on Colab may come to cost, as far as the CLI can tell before a machine is allocated.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureOf, readUsage } from './answers.ts';
import { signedOut } from './lease.ts';
import { type ColabAuth, openColabProgram } from './program.ts';

export interface OfferOptions {
  readonly program: string;
  readonly auth: ColabAuth;
  readonly gpu: string;
  readonly machines: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What would be rented, and its price in words. Throws a SettingsError where nobody is signed in or the CLI is not there. */
export async function colabOffer(options: OfferOptions): Promise<{ what: string; price: string }> {
  const { gpu, machines } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'nocturne-'));
  try {
    const colab = openColabProgram({ ...options, stateFile: join(scratch, 'sessions.json') });
    const answer = await colab.call(['usage'], 90);
    if (failureOf(answer).kind === 'signed-out') throw signedOut();
    const usage = readUsage(answer.stdout);
    const what = `${machines === 1 ? 'a machine' : `up to ${machines} machines`} of Google Colab with ${gpu === 'CPU' ? 'no GPU' : `a ${gpu}`}`;
    const known = usage
      ? `the account has ${usage.units} compute units and uses ${usage.perHour} an hour now`
      : 'what the account has could not be asked';
    return { what, price: `${known}; what this one takes is told once it is allocated` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
