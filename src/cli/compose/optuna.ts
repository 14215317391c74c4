/**
 * Finds the Optuna that researchers such as `bayes` ask, or installs it on first use, for the briefs that need it.
 */
import { findOptuna, installOptuna, type Optuna } from '../../adapters/python/find-optuna.ts';
import { ResearchError } from '../../core/base/errors.ts';
import { findResearcher } from '../../core/base/researchers.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { proposersOf } from '../../core/brief/proposers.ts';
import { say } from '../terminal/print.ts';

/** Whether a study of this brief may ask Optuna. */
export function mayAskOptuna(brief: Brief): boolean {
  return askerNamedIn(brief) !== undefined || proposersOf(brief).some(({ needs }) => needs?.kind === 'optuna');
}

/**
 * The researcher that the brief names and that asks Optuna. Only for such a one is Optuna installed; `auto` uses it if
 * it is there.
 */
function askerNamedIn({ researcher, fallback }: Brief): string | undefined {
  return [researcher, fallback].find((name = '') => findResearcher(name)?.needs?.kind === 'optuna');
}

/**
 * Optuna for this brief, installed if needed; undefined when it is not needed, or with one sentence said why it is
 * absent.
 */
export async function prepareOptuna(brief: Brief, interpreter: string): Promise<Optuna | undefined> {
  if (!mayAskOptuna(brief)) return undefined;
  const found = await findOptuna(interpreter, process.env);
  if (found) return found;
  const asker = askerNamedIn(brief);
  if (asker === undefined) {
    say(`auto goes without a Bayesian arm, because ${interpreter} has no Optuna; --researcher bayes installs it.`);
    return undefined;
  }
  say(`The ${asker} researcher needs Optuna, which ${interpreter} lacks; your own packages stay as they are.`);
  try {
    return await installOptuna(interpreter, process.env, say);
  } catch (error) {
    if (!(error instanceof ResearchError)) throw error;
    say(`warning: ${error.message} Until Optuna is there, \`random\` proposes instead of \`${asker}\`.`);
    return undefined;
  }
}
