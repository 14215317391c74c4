/**
 * Names and addresses of models, as a brief writes them.
 */
import { isSearchResearcher } from '../../base/names.ts';
import { type Reading, read, refuse } from '../../base/reading.ts';

/** Reads `provider:model`. */
export function readModelName(raw: unknown): Reading<string> {
  if (typeof raw === 'string' && /^[a-z][\w-]*:\S+$/.test(raw)) return read(raw);
  return refuse('provider:model, such as anthropic:claude-sonnet-5-5 or ollama:qwen3');
}

/** Reads another model, or a researcher that needs none. */
export function readFallback(raw: unknown): Reading<string> {
  if ((typeof raw === 'string' && isSearchResearcher(raw)) || readModelName(raw).kind === 'read')
    return read(raw as string);
  return refuse('random, grid, bayes or another provider:model');
}

/** Reads the address of a provider. */
export function readUrl(raw: unknown): Reading<string> {
  if (typeof raw === 'string' && /^https?:\/\/\S+$/.test(raw) && URL.canParse(raw)) return read(raw);
  return refuse('an address such as http://localhost:11434/v1');
}
