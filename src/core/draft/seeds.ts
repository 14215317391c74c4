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
  /** It sets one for its data alone: another one would make it another score. */
  | { readonly kind: 'of-data'; readonly where: string }
  | { readonly kind: 'unsaid' };

const fixes =
  /(?:manual_seed(?:_all)?|seed_everything|set_seed|set_random_seed|random\.seed|default_rng|RandomState|PRNGKey|random\.key)\(\s*(?:seed\s*=\s*)?(?:\d|[\w.]*(?<![a-z])seed\b|[\w.]+\[['"]\w*seed['"]\])|random_state\s*=\s*(?:\d|[\w.]*(?<![a-z])seed\b)/gi;
/** Functions that draw, split or shuffle data. */
const dataCalls = /(?:[Ss]plit|KFold|[Ss]huffle(?:Split)?|sample|subset|^(?:load|make|fetch)_\w+)$/;

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
  const places = files.flatMap(({ path, text }) => seedsIn(text).map((each) => ({ ...each, path })));
  const place = places.find(({ isOfData }) => !isOfData) ?? places[0];
  if (place !== undefined) {
    return { kind: place.isOfData ? 'of-data' : 'fixed', where: `${place.path}, line ${place.line}` };
  }
  const call = trace.seeds.find(({ value }) => /^\d{1,9}$/.test(value));
  return call === undefined ? { kind: 'unsaid' } : { kind: 'fixed', where: `${call.by}(${call.value})` };
}

/** The lines that set a seed, outside of comments, and whether that is one for drawing or splitting data. */
function seedsIn(text: string): readonly { readonly line: number; readonly isOfData: boolean }[] {
  return [...text.matchAll(fixes)].flatMap(({ index }) => {
    const before = text.slice(0, index);
    if (/#[^\n]*$/.test(before)) return [];
    return [{ line: before.split('\n').length, isOfData: dataCalls.test(callAround(before)) }];
  });
}

/** The name of the function in whose parentheses a text ends, such as `train_test_split`; empty outside of a call. */
function callAround(before: string): string {
  let open = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    if (before[at] === ')') open++;
    else if (before[at] === '(' && --open < 0) return /\w*$/.exec(before.slice(0, at))?.[0] ?? '';
  }
  return '';
}
