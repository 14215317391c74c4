/**
 * Finds the Optuna that researchers such as `bayes` ask, or installs it on first use, for the briefs that need it.
 */
import {
  findOptuna,
  installOptuna,
  type Optuna,
  type OptunaSearch,
  outdatedText,
} from '../../adapters/python/find-optuna.ts';
import { ResearchError, SettingsError } from '../../core/base/errors.ts';
import { findResearcher, researchers, type SingleResearcherRow } from '../../core/base/researchers.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { asksModelOrAgent, proposersOf } from '../../core/brief/proposers.ts';
import type { AbsentResearcher } from '../../core/journal/entry-parts.ts';
import { say } from '../terminal/print.ts';

/** Whether the brief names a researcher that asks Optuna, so that a study does not start without it. */
export function namesOptuna(brief: Brief): boolean {
  return askersNamedIn(brief).length > 0;
}

/** Whether a study of this brief may ask Optuna. */
export function mayAskOptuna(brief: Brief): boolean {
  return namesOptuna(brief) || proposersOf(brief).some(({ needs }) => needs?.kind === 'optuna');
}

/**
 * What the brief names and what asks Optuna: its researcher, its stand-in, and who gets a share of `auto`. Only for such
 * a one is Optuna installed; `auto` by itself uses it if it is there.
 */
function askersNamedIn(brief: Brief): string[] {
  const { researcher, fallback, shares = {} } = brief;
  const standIns = fallback !== undefined && asksModelOrAgent(brief) ? [fallback] : [];
  const sharers = researcher === 'auto' ? Object.keys(shares).filter((name) => (shares[name] ?? 0) > 0) : [];
  return [researcher, ...standIns, ...sharers].filter((name) => rowOf(name)?.needs?.kind === 'optuna');
}

/** By its own name, or by that of one of its arms. */
function rowOf(name: string): SingleResearcherRow | undefined {
  return findResearcher(name) ?? researchers.find(({ arms }) => arms.some((arm) => arm.name === name));
}

/**
 * Optuna for this brief; without one when it is not needed, or when only `auto` would use it and it is not there. For a
 * researcher that the brief names it is installed, else a SettingsError says what to install: a named researcher is
 * never replaced.
 */
export async function prepareOptuna(brief: Brief, interpreter: string): Promise<OptunaSearch> {
  if (!mayAskOptuna(brief)) return {};
  const found = await findOptuna(interpreter, process.env);
  const askers = askersNamedIn(brief);
  const [asker] = askers;
  if (asker === undefined) return found;
  const optuna = found.optuna ?? (await install(asker, interpreter, found));
  if (askers.includes('bayes-gp') && !optuna.hasGp) throw withoutGp(optuna);
  return { optuna };
}

/** The researchers that `auto` goes without, for want of Optuna. */
export function absentResearchers(brief: Brief, { optuna, outdated }: OptunaSearch): AbsentResearcher[] {
  if (optuna !== undefined) return [];
  const reason = `this Python has ${outdated ? outdatedText(outdated) : 'no Optuna'}`;
  const absent = proposersOf(brief).filter(({ needs }) => needs?.kind === 'optuna');
  return absent.map(({ name }) => ({ researcher: name, reason }));
}

async function install(asker: string, interpreter: string, { outdated }: OptunaSearch): Promise<Optuna> {
  const lacks = outdated
    ? `Optuna ${outdated.oldest} or later, and ${interpreter} has ${outdated.version}`
    : `Optuna, which ${interpreter} lacks`;
  say(`${asker} needs ${lacks}; your own packages stay as they are.`);
  try {
    return await installOptuna(interpreter, process.env, say);
  } catch (error) {
    if (!(error instanceof ResearchError)) throw error;
    const { message, hint = '' } = error;
    const needs = outdated ? `Optuna ${outdated.oldest} or later, and found ${outdated.version}` : 'Optuna';
    const upgrade = outdated && `Or upgrade it yourself: \`${interpreter} -m pip install -U optuna\`.`;
    throw new SettingsError(`\`${asker}\` is asked for and needs ${needs}. ${message}`, {
      hint: `${[hint, upgrade].filter(Boolean).join(' ')} Or let another researcher propose: --researcher auto.`.trim(),
      cause: error,
    });
  }
}

function withoutGp({ python }: Optuna): SettingsError {
  return new SettingsError(
    `The brief gives a share to bayes-gp, which needs torch, and the Optuna of ${python} has none.`,
    {
      hint: 'Install torch into the Python of the study, or give the share to `bayes` or `bayes-tpe`.',
    },
  );
}
