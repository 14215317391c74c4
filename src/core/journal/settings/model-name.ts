/**
 * Names and addresses of models, as a brief writes them.
 */
import { alternativesText } from '../../base/format.ts';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { researchers } from '../../base/researchers.ts';

const standIns: readonly string[] = researchers.filter(({ mayStandIn }) => mayStandIn).map(({ name }) => name);

/** Reads `provider:model`. */
export function readModelName(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && /^[a-z][\w-]*:\S+$/.test(raw)) return read(raw);
  return refuse('provider:model, such as anthropic:claude-sonnet-5-5 or ollama:qwen3');
}

/** Reads `fallback:`, another model or a researcher that needs none. */
export function readFallback(raw: unknown): ReadResult<string> {
  const standIn = standIns.find((name) => name === raw);
  if (standIn !== undefined) return read(standIn);
  const model = readModelName(raw);
  return model.kind === 'read' ? model : refuse(alternativesText([...standIns, 'another provider:model']));
}

/** Reads a reasoning effort; each provider has names of its own. */
export function readEffort(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && /^[a-z][a-z-]*$/.test(raw)) return read(raw);
  return refuse('a level that the provider knows, such as low, medium or high');
}

/** Reads the address of a provider. */
export function readUrl(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && /^https?:\/\/\S+$/.test(raw) && URL.canParse(raw)) return read(raw);
  return refuse('an address such as http://localhost:11434/v1');
}
