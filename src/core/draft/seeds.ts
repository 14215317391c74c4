/**
 * Whether the luck of a run can be measured: what a script does about its random seed.
 */
import type { Trace } from './needs.ts';
import type { ProjectFile } from './project-files.ts';

export type SeedReading =
  /** It takes the seed that a run is given. */
  | { readonly kind: 'read' }
  /** It sets one of its own; `where` is a call, or a place in a file. */
  | { readonly kind: 'fixed'; readonly where: string }
  | { readonly kind: 'unsaid' };

const fixes =
  /(?:manual_seed(?:_all)?|seed_everything|set_seed|set_random_seed|random\.seed|default_rng|RandomState|PRNGKey|random\.key)\(\s*(?:seed\s*=\s*)?(?:\d|[A-Z_]*SEED\b|seed\b|args\.seed|cfg\.seed|config\.seed)|random_state\s*=\s*(?:\d|[A-Z_]*SEED\b|seed\b)/;

/** What was seen of the seed: by the calls of a run that was given the seed `given`, else in the files' text. */
export function readSeeds(
  files: readonly ProjectFile[],
  trace: Pick<Trace, 'variables' | 'seeds'>,
  given: number,
): SeedReading {
  const isRead =
    trace.variables.includes('NOCTURNE_SEED') ||
    trace.seeds.some(({ value }) => value === String(given)) ||
    files.some(({ text }) => text.includes('NOCTURNE_SEED'));
  if (isRead) return { kind: 'read' };
  for (const { path, text } of files) {
    const line = text.split('\n').findIndex((each) => fixes.test(each));
    if (line !== -1) return { kind: 'fixed', where: `${path}, line ${line + 1}` };
  }
  const call = trace.seeds.find(({ value }) => /^\d{1,9}$/.test(value));
  return call === undefined ? { kind: 'unsaid' } : { kind: 'fixed', where: `${call.by}(${call.value})` };
}
