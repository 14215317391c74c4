/**
 * What a coding agent used, by its own word: tokens per model, and money where it says so.
 *
 * What an agent does not say stays unknown; nothing is estimated here. An agent that was ended early has said less than it
 * used, so its figures are a lower bound then.
 */
import { addUsage, noUsage, tokensOf } from '../../../core/base/model-usage.ts';
import { type ModelSpending, readClaude, readCodex, readGemini, readOpencode } from './usage-formats.ts';

/** No output is in two of these forms, and an owner's own command may wrap any agent. */
const readers = [readClaude, readCodex, readGemini, readOpencode];

/** The spending in an agent's output, per model; undefined when it says nothing of it. */
export function readSpending(output: string): readonly ModelSpending[] | undefined {
  for (const read of readers) {
    const said = read(output);
    if (said) return perModel(said).map(withoutFalseZero);
  }
  return undefined;
}

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
