/**
 * `nocturne init` in a project: finds the entry point, looks at it, asks what is open, and writes `program.md`.
 */
import { join, resolve } from 'node:path';
import { exists } from '../../adapters/files/exists.ts';
import { readText } from '../../adapters/files/read-file.ts';
import { writeOwners } from '../../adapters/files/write-owners.ts';
import { listProject, type Project } from '../../adapters/project/list-project.ts';
import { SettingsError } from '../../core/base/errors.ts';
import type { Goal } from '../../core/base/metric.ts';
import { commandText } from '../../core/draft/draft.ts';
import { type Guess, guessesOf, guessLines } from '../../core/draft/guess-lines.ts';
import type { MetricCandidate } from '../../core/draft/metric-candidates.ts';
import { readDuration } from '../../core/journal/settings/parse-duration.ts';
import { printJson, say } from '../terminal/print.ts';
import { listenForStop, type StopSignals } from '../terminal/stop-signals.ts';
import { chooseEntry, chooseMetric, entriesOf, likeliestFrom } from './choose-entry.ts';
import { draftBrief } from './draft-brief.ts';
import { lookAtFirst } from './look-at-project.ts';
import { nextCommand } from './next-command.ts';

export interface ProjectFlags {
  readonly python?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly train?: string;
  readonly metric?: string;
  readonly goal?: string;
  readonly limit?: string;
  readonly budget?: string;
}

/** How long a script may run for the look that has printed no score, where the owner says no limit. */
const maxLookSeconds = 600;

/** Writes the brief and says every guess. Throws a SettingsError where no study could be made of the project. */
export async function initProject(dir: string, flags: ProjectFlags): Promise<void> {
  const folder = resolve(dir);
  const path = join(folder, 'program.md');
  await requireNone(folder);
  const asked = { name: flags.metric, goal: readGoal(flags.goal) };
  const limitSeconds = readSeconds('--limit', flags.limit ?? '2m');
  const maxSeconds = flags.limit === undefined ? maxLookSeconds : limitSeconds;
  const budgetSeconds = flags.budget === undefined ? undefined : readSeconds('--budget', flags.budget);
  const project = await listProject(folder);
  const entries = await entriesOf(project, flags.train);
  const entry = await chooseEntry(entries, flags);
  const stop = listenForStop(say, async () => {});
  try {
    const [start] = entry.starts;
    say(`Running \`${commandText(start?.argv ?? [])}\` once in a clean copy, for at most ${limitSeconds} s …`);
    const request = { project, python: flags.python, limitSeconds, maxSeconds, signal: stop.signal, say };
    const look = await lookAtFirst(flags.train === undefined ? likeliestFrom(entry, entries) : [entry], request);
    if (isInterrupted(stop)) return;
    const choose = (candidates: readonly MetricCandidate[]) => chooseMetric(candidates, flags);
    const drafted = await draftBrief({ look, project, others: entries, asked, budgetSeconds, choose });
    if (isInterrupted(stop)) return;
    // One may have been written while the script ran.
    await requireNone(folder);
    await writeOwners(path, drafted.text);
    const ignored = await ignoreUnwanted(project);
    const others = {
      entryPoints: entries.filter(({ script }) => script !== look.entry.script),
      metrics: drafted.otherMetrics,
      adapted: [...look.adapted, ...ignored],
    };
    const guesses = guessesOf(drafted.draft, others);
    const next = nextCommand(dir, project, look, flags.python);
    if (flags.json) return printJson({ folder, brief: path, draft: drafted.draft, guesses, next });
    const hasKnobs = drafted.draft.knobs.some(({ range }) => range !== null);
    for (const line of writtenLines(dir, guesses, hasKnobs, next)) say(line);
  } finally {
    stop.dispose();
  }
}

/** What is said of a brief that was written. */
function writtenLines(dir: string, guesses: readonly Guess[], hasKnobs: boolean, next: string): readonly string[] {
  const path = dir === '.' ? 'program.md' : join(dir, 'program.md');
  return [
    `Wrote ${path} from what was seen. Each line is a guess, to be changed there:`,
    ...guessLines(guesses),
    ...(hasKnobs
      ? [`Next: ${next}`]
      : [
          'No search can start yet: there is nothing to turn. Declare knobs in program.md,',
          'such as `knobs: { lr: 0.1 in log 1e-4..1 }` with `{lr}` as an argument in `train:`',
          `(docs/space.md), or name a \`model:\` there. Then: ${next}`,
        ]),
  ];
}

async function requireNone(folder: string): Promise<void> {
  if (!(await exists(join(folder, 'program.md')))) return;
  throw new SettingsError(`There is a program.md in ${folder} already.`, {
    hint: 'Use it with `nocturne run`, or move it away to have one written.',
  });
}

/** Keeps environments and large files out of a first commit, by a line each in .gitignore; says so. */
async function ignoreUnwanted({ root, unwanted }: Project): Promise<readonly string[]> {
  if (unwanted.length === 0) return [];
  const path = join(root, '.gitignore');
  const before = (await readText(path)) ?? '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  await writeOwners(path, `${before}${gap}${unwanted.map((each) => `/${each}`).join('\n')}\n`);
  return [
    `${unwanted.slice(0, 4).join(', ')} added to .gitignore, so that the first commit leaves out what is no code`,
  ];
}

/** Whether the owner has stopped it; the exit code then says so. */
function isInterrupted({ wasInterrupted }: StopSignals): boolean {
  if (wasInterrupted()) process.exitCode = 130;
  return wasInterrupted();
}

/** The direction of a flag. Throws a SettingsError for any other word. */
export function readGoal(text: string | undefined): Goal | undefined {
  if (text === undefined || text === 'minimize' || text === 'maximize') return text;
  throw new SettingsError(`--goal must be minimize or maximize, found \`${text}\`.`);
}

function readSeconds(flag: string, text: string): number {
  const reading = readDuration(text);
  if (reading.kind === 'read') return reading.value;
  throw new SettingsError(`${flag} must be ${reading.expected}, found ${JSON.stringify(text)}.`);
}
