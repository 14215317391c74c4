/**
 * Whether the luck of a run can be measured: what a script does about its random seed.
 */
import type { ProjectFile } from './project-files.ts';

export type SeedReading =
  /** It takes the seed that a run is given. */
  | { readonly kind: 'read' }
  /** It sets one of its own; `file` and `line` say where. */
  | { readonly kind: 'fixed'; readonly file: string; readonly line: number }
  | { readonly kind: 'unsaid' };

const fixes =
  /(?:manual_seed(?:_all)?|seed_everything|set_seed|set_random_seed|random\.seed|default_rng|RandomState|PRNGKey|random\.key)\(\s*(?:seed\s*=\s*)?(?:\d|[A-Z_]*SEED\b|seed\b|args\.seed|cfg\.seed|config\.seed)|random_state\s*=\s*(?:\d|[A-Z_]*SEED\b|seed\b)/;

/** What the files say of the seed. */
export function readSeeds(files: readonly ProjectFile[], variables: readonly string[] = []): SeedReading {
  if (variables.includes('NOCTURNE_SEED') || files.some(({ text }) => text.includes('NOCTURNE_SEED')))
    return { kind: 'read' };
  for (const { path, text } of files) {
    const line = text.split('\n').findIndex((each) => fixes.test(each));
    if (line !== -1) return { kind: 'fixed', file: path, line: line + 1 };
  }
  return { kind: 'unsaid' };
}
