/**
 * The Optuna that `bayes` asks: found, or installed on first use, for the briefs that need it.
 */
import { findOptuna, installOptuna, type Optuna } from '../../adapters/python/find-optuna.ts';
import { ResearchError } from '../../core/base/errors.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { hasArmOf } from '../../core/brief/thinkers.ts';
import { say } from '../terminal/print.ts';

/** Whether a study of this brief may ask Optuna. */
export function mayAskOptuna(brief: Brief): boolean {
  return needsOptuna(brief) || hasArmOf(brief, 'bayes');
}

/** Whether it names `bayes`, so that Optuna is worth installing; `auto` uses what is there. */
function needsOptuna({ researcher, fallback }: Brief): boolean {
  return researcher === 'bayes' || fallback === 'bayes';
}

/** Optuna for this brief, installed if need be; undefined, with one sentence said, where that does not succeed. */
export async function prepareOptuna(brief: Brief, interpreter: string): Promise<Optuna | undefined> {
  if (!mayAskOptuna(brief)) return undefined;
  const found = await findOptuna(interpreter, process.env);
  if (found) return found;
  if (!needsOptuna(brief)) {
    say(`auto goes without a Bayesian arm, because ${interpreter} has no Optuna; --researcher bayes installs it.`);
    return undefined;
  }
  say(`The bayes researcher needs Optuna, which ${interpreter} lacks; your own packages stay as they are.`);
  try {
    return await installOptuna(interpreter, process.env, say);
  } catch (error) {
    if (!(error instanceof ResearchError)) throw error;
    say(`warning: ${error.message} Until Optuna is there, \`random\` proposes instead of \`bayes\`.`);
    return undefined;
  }
}
