/**
 * Which way the metric of a ledger is better. A ledger does not say it, and its report is nonsense the wrong way round.
 */
import { SettingsError } from '../base/errors.ts';
import { formatMetric } from '../base/format.ts';
import { type Goal, gainOver } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { quoted } from '../base/read-result.ts';
import type { LedgerFile } from './parse-ledger.ts';

/**
 * The goal as asked, else as the metric's name says. Throws where the name says nothing, or where the ledger's last
 * keep is worse than its baseline by what the name says; `where` is the ledger's name in errors.
 */
export function goalOfLedger(ledger: LedgerFile, asked: Goal | undefined, where: string): Goal {
  if (asked !== undefined) return asked;
  const { metric, rows } = ledger;
  const goal = goalInName(metric);
  const kept = rows.flatMap(({ status, value }) => (status === 'keep' && value !== null ? [value] : []));
  const [first = 0, last = 0] = [kept[0], kept.at(-1)];
  const move = `its kept rows go from ${formatMetric(first)} to ${formatMetric(last)}`;
  const name = quoted(metric);
  if (goal === undefined) {
    throw new SettingsError(`${where}: the name ${name} does not say which way is better; ${move}.`, {
      hint: 'Say `--goal minimize` (lower is better) or `--goal maximize` (higher is better).',
    });
  }
  if (gainOver(goal, first, last) >= 0) return goal;
  throw new SettingsError(`${where}: the name ${name} means \`--goal ${goal}\`, but ${move}, which is worse.`, {
    hint: 'Say `--goal minimize` (lower is better) or `--goal maximize` (higher is better), whichever the ledger means.',
  });
}
