/**
 * What a coding agent used, as it reports itself: tokens per model, and money where it reports that.
 *
 * What an agent does not report stays unknown; nothing is estimated here. An agent that was ended early has reported
 * less than it used, so its figures are then a lower bound.
 */
import { addUsage, noUsage, tokensOf } from '../../../core/base/model-usage.ts';
import { readAider, readAiderLog, readMini, readPi } from './more-usage-formats.ts';
import { type ModelSpending, readClaude, readCodex, readGemini, readOpencode } from './usage-formats.ts';

/** All are tried: an owner's own command may wrap any agent, and no output has two of these forms. */
const readers = [readClaude, readCodex, readGemini, readOpencode, readPi, readAider];
const reportReaders = [readMini, readAiderLog];

/**
 * The spending in an agent's report, or else in its output, per model; undefined when neither says anything of it.
 */
export function readSpending(output: string, report = ''): readonly ModelSpending[] | undefined {
  const said = firstOf(reportReaders, report, output) ?? firstOf(readers, output, output);
  return said && perModel(said).map(withoutFalseZero);
}

type Reader = (text: string, output: string) => readonly ModelSpending[] | undefined;

function firstOf(tried: readonly Reader[], text: string, output: string): readonly ModelSpending[] | undefined {
  for (const read of tried) {
    const said = read(text, output);
    if (said) return said;
  }
  return undefined;
}

/** An agent that reports 0 USD for tokens that it used does not know the price. */
function withoutFalseZero(spending: ModelSpending): ModelSpending {
  return spending.usd === 0 && tokensOf(spending.usage) > 0 ? { ...spending, usd: undefined } : spending;
}

function perModel(parts: readonly ModelSpending[]): readonly ModelSpending[] {
  const models = [...new Set(parts.map(({ model }) => model))];
  return models.map((model) => {
    const own = parts.filter((part) => part.model === model);
    const known = own.flatMap(({ usd }) => usd ?? []);
    return {
      model,
      usage: own.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
      usd: known.length === own.length ? known.reduce((sum, usd) => sum + usd, 0) : undefined,
    };
  });
}
