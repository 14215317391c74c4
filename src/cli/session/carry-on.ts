/**
 * `nocturne init --from LEDGER`: what another program tried becomes what the next study goes on from.
 */
import { basename, join, relative, resolve } from 'node:path';
import { writeEarlier } from '../../adapters/earlier-file.ts';
import { readLedger } from '../../adapters/ledgers/read-ledger.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import { isUnnamed } from '../../core/imported/asked-metric.ts';
import { earlierOfLedger } from '../../core/imported/earlier-of-ledger.ts';
import { goalOfLedger } from '../../core/imported/ledger-goal.ts';
import { settlePart } from '../../core/imported/settle.ts';
import { say } from '../terminal/print.ts';
import { readGoal } from './init-project.ts';

/**
 * Reads the ledger; what it gives writes `earlier.json` into the folder of the brief and says what it holds. Throws
 * ResearchErrors only.
 */
export async function readToCarryOn(
  folder: string,
  ledgerPath: string,
  asked: { readonly goal?: string | undefined; readonly metric?: string | undefined },
): Promise<() => Promise<void>> {
  const goal = readGoal(asked.goal);
  const { ledger } = await readLedger(ledgerPath);
  // The script may call its score otherwise than a column does; what no header says is what the owner says.
  const parts = ledger.parts.map((each) =>
    isUnnamed(each.metric) ? { ...each, metric: asked.metric ?? each.metric } : each,
  );
  const part = parts.findLast(({ rows }) => rows.some(({ value }) => value !== null));
  if (part === undefined) {
    throw new SettingsError(`${ledgerPath}: no row has a score, so there is nothing to go on from.`);
  }
  const alike = parts.filter(({ metric, name }) => metric === part.metric && name === part.name);
  const found = goalOfLedger(alike, goal, ledgerPath);
  const own = relative(resolve(folder), resolve(ledgerPath));
  const source = own.startsWith('..') ? basename(ledgerPath) : own;
  const earlier = earlierOfLedger(settlePart(part, found.goal), source);
  const isLast = ledger.parts.length > 1;
  return async () => {
    await writeEarlier(resolve(folder), earlier);
    const count = countText(earlier.experiments.length, 'experiment');
    const which = isLast ? `, the last of its ${ledger.parts.length} studies` : '';
    const kept = earlier.experiments.filter(({ status }) => status === 'keep').length;
    const path = join(folder, 'earlier.json');
    say(`Wrote ${path}: ${count} of ${source}${which}, ${kept} kept, ${earlier.metric} to ${earlier.goal}.`);
    say('The next new study starts with them: the model is told of them, searches learn');
    say('from their gains, the baseline is measured anew. Remove the file to start without.');
  };
}
