/**
 * Which entry point `nocturne init` looks at and which number is the score, as the owner says or as is likeliest.
 */
import { type Project, pathsBelow, readProjectTexts } from '../../adapters/project/list-project.ts';
import { ok, SettingsError } from '../../core/base/errors.ts';
import { type EntryPoint, findEntryPoints } from '../../core/draft/entry-points.ts';
import type { MetricCandidate } from '../../core/draft/metric-candidates.ts';
import { joined } from '../../core/draft/project-files.ts';
import { type Argv, readArgv } from '../../core/journal/settings/argv.ts';
import { ask } from '../terminal/ask.ts';

/** What the owner says of it on the command line. */
interface Said {
  readonly yes?: boolean;
  readonly train?: string;
  readonly metric?: string;
}

/** The entry points that were found, or the one that the owner names. */
export async function entriesOf(project: Project, train: string | undefined): Promise<readonly EntryPoint[]> {
  const paths = pathsBelow(project);
  const found = findEntryPoints(await readProjectTexts(project, paths), paths);
  if (train === undefined) {
    if (found.length > 0) return found;
    throw new SettingsError(`No training script was found in ${project.folder}.`, {
      hint: 'Say how it trains: `nocturne init --train "python my_script.py"`. For the demo sandbox: `nocturne init --demo`.',
    });
  }
  const reading = readArgv(train);
  if (reading.kind === 'refused') {
    throw new SettingsError(`--train must be ${reading.expected}, found \`${reading.found ?? train}\`.`, {
      ...(reading.hint === undefined ? {} : { hint: reading.hint }),
    });
  }
  return [namedEntry(reading.value, paths, found), ...found];
}

/** The entry point of a command: the file that it names, as far as one of the project is named. */
function namedEntry(argv: Argv, paths: readonly string[], found: readonly EntryPoint[]): EntryPoint {
  const module = argv[argv.indexOf('-m') + 1]?.replaceAll('.', '/') ?? '';
  const isModule = argv.includes('-m');
  // A command of a shell is one word.
  const words = argv.flatMap((word) => word.split(/[\s;&|]+/)).flatMap((word) => joined('.', word) ?? []);
  const script =
    words.find((word) => paths.includes(word)) ??
    words.flatMap((word) => paths.find((path) => isSourceOf(path, word)) ?? [])[0] ??
    (isModule
      ? paths.find((path) => path.endsWith(`${module}.py`) || path.endsWith(`${module}/__main__.py`))
      : undefined) ??
    found[0]?.script;
  if (script === undefined) {
    throw new SettingsError(`--train names no file of the project, found \`${argv.join(' ')}\`.`, {
      hint: 'An experiment edits a file of the project: start one by its path, from the folder of the project.',
    });
  }
  return { script, likelihood: 1000, starts: [{ argv, folder: '.' }] };
}

/** Whether a program may be compiled from this file: `main.c` for `main`. */
function isSourceOf(path: string, program: string): boolean {
  return (
    path.replace(/\.(?:c|cc|cpp|cxx|cu|rs|go|f90|f|java|zig|nim|swift|kt|hs|ml|d)$/, '') === program && path !== program
  );
}

/** Scripts as likely as this below the first are worth a question. */
const closeBy = 25;

/** The entry point and a few that are nearly as likely, for the case that it cannot run here. */
export function likeliestFrom(entry: EntryPoint, entries: readonly EntryPoint[]): readonly EntryPoint[] {
  const others = entries.filter(
    ({ script, likelihood }) => script !== entry.script && likelihood > entry.likelihood - 2 * closeBy,
  );
  return [entry, ...others.slice(0, 3)];
}

/** The entry point to look at: the likeliest, or the one that is chosen among those as likely. */
export async function chooseEntry(entries: readonly EntryPoint[], { yes, train }: Said): Promise<EntryPoint> {
  const [best] = entries;
  ok(best !== undefined, 'an entry point was found');
  const close = entries.filter(({ likelihood }) => likelihood > best.likelihood - closeBy).slice(0, 9);
  if (yes || train !== undefined || close.length === 1) return best;
  const lines = close.map(({ script }, index) => `  ${index + 1}  ${script}`);
  const labels = close.map(({ script }) => script);
  return pick(close, labels, `These may train:\n${lines.join('\n')}\nWhich one? [1] `);
}

/** The score: the likeliest, or the one that is chosen among those that were printed. */
export async function chooseMetric(candidates: readonly MetricCandidate[], { yes, metric }: Said) {
  const [best] = candidates;
  ok(best !== undefined, 'a score was found');
  if (yes || metric !== undefined) return best;
  const shown = candidates.slice(0, 9);
  const lines = shown.map(
    ({ name, goal, value }, index) => `  ${index + 1}  ${name} = ${value}${goal === undefined ? '' : `, ${goal}`}`,
  );
  const labels = shown.map(({ name }) => name);
  return pick(shown, labels, `Which is the score?\n${lines.join('\n')}\n[1] `);
}

/** The one whose number or name is typed, asked until it is one; the first for an empty answer and without a terminal. */
async function pick<Item>(items: readonly Item[], labels: readonly string[], question: string): Promise<Item> {
  const answer = (await ask(question)) || '1';
  const chosen = items[Number(answer) - 1] ?? items[labels.indexOf(answer)];
  return chosen ?? pick(items, labels, `Type a number from 1 to ${items.length}: [1] `);
}
