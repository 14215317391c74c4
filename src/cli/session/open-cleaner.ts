/**
 * Makes text fit to leave this machine: no control or invisible characters, a mark in the place of each secret of the environment,
 * of `.env` files and of the editable files.
 */
import { openSecrets } from '../../adapters/open-secrets.ts';
import { secretValues } from '../../adapters/redact.ts';
import { ResearchError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { createSecrets, type Secrets } from '../../core/base/secrets.ts';
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { locateBrief } from '../compose/locate-brief.ts';

export interface Cleaner {
  readonly clean: (text: string) => string;
  /** The secrets in a text, as the marks were made of them. */
  readonly findSecrets: Secrets['find'];
}

/** A cleaner for the studies of a brief; where there is no brief that can be read, it knows the environment's secrets alone. */
export async function openCleaner(briefArgument: string | undefined): Promise<Cleaner> {
  const secrets = await secretsOf(briefArgument);
  return { clean: (text) => secrets.mask(plainText(text)), findSecrets: secrets.find };
}

async function secretsOf(briefArgument: string | undefined): Promise<Secrets> {
  try {
    const { root, userSandbox: sandbox, brief } = await locateBrief(briefArgument);
    const keys = asksModelOrAgent(brief) ? await (await import('../compose/model-researchers.ts')).keysOf(brief) : [];
    return await openSecrets({ root, sandbox, edit: brief.edit }, secretValues(process.env, keys));
  } catch (error) {
    if (!(error instanceof ResearchError)) throw error;
    return createSecrets(secretValues(process.env));
  }
}
