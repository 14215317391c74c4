/**
 * Runs a small study whose proposals come from a coding agent, with the real command in its own process, and reads the
 * result from its journal.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import type { Entry } from '../../src/core/journal/entry.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { layProject } from '../fixture-project.ts';

export interface AgentStudy {
  readonly agent: string;
  /** Folder for the project and the agent's HOME. */
  readonly folder: string;
  /** The agent's environment, without HOME and LANG, which it gets too. */
  readonly variables: Readonly<Record<string, string>>;
  readonly experiments: number;
}

export interface StudyFigures {
  /** Titles of the proposals that became commits. */
  readonly made: readonly string[];
  /** The journal's reasons for proposals that failed. */
  readonly reasons: readonly string[];
  /** Why the agent was away, as journalled. */
  readonly away: readonly string[];
  /** As reported by the agent; null when it reports nothing. */
  readonly tokens: number | null;
  readonly usd: number | null;
  /** Median time of a call, from the journal entry before it. */
  readonly secondsPerCall: number;
}

const maxSeconds = 900;

/** Runs the study until it has its experiments, or until the agent has failed three times. */
export async function studyWith(study: AgentStudy): Promise<StudyFigures> {
  const root = mkdtempSync(join(study.folder, 'project-'));
  await layProject(root);
  const brief = readFileSync(join(root, 'program.md'), 'utf8');
  writeFileSync(
    join(root, 'program.md'),
    brief.replace('researcher: random', `researcher: command\ncommand: ${study.agent}\nfallback: random`),
  );
  await execa('git', ['commit', '--quiet', '--all', '--message', 'an agent proposes'], { cwd: root });
  const env = { ...study.variables, HOME: emptyHome(study.folder), LANG: 'C.UTF-8' };
  const options = { cwd: root, env, extendEnv: false, stdin: 'ignore', reject: false } as const;
  const program = [process.execPath, '--import', packagePath('node_modules', 'tsx', 'dist', 'loader.mjs')];
  const [node = '', ...flags] = [...program, packagePath('src', 'cli', 'main.ts')];
  const run = execa(node, [...flags, 'run', '--tag', 'night', '--max-experiments', String(study.experiments)], options);
  const journal = join(root, 'runs', 'night', 'journal.jsonl');
  const ended = run.then(() => true);
  const deadline = performance.now() + maxSeconds * 1000;
  while (!(await Promise.race([ended, setTimeout(500, false)]))) {
    const refusals = entriesOf(journal).filter(({ event }) => event === 'proposal-refused').length;
    const isOver = performance.now() > deadline || refusals >= 3;
    if (isOver) await execa(node, [...flags, 'stop', '--now'], options);
  }
  const entries = entriesOf(journal);
  rmSync(root, { recursive: true, force: true });
  return figuresOf(entries);
}

/** A HOME for an agent, emptied first, since agents write into it. */
export function emptyHome(folder: string): string {
  const home = join(folder, 'home');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  return home;
}

function entriesOf(journal: string): readonly Entry[] {
  return existsSync(journal) ? [...readJournal(journal)] : [];
}

function figuresOf(entries: readonly Entry[]): StudyFigures {
  const calls = entries.flatMap((entry) => (entry.event === 'model-called' ? [entry] : []));
  const metered = calls.filter(({ isUnmetered }) => !isUnmetered);
  const before = ({ seq }: Entry) => entries[seq - 2];
  // A call that used two models has two entries; only the first has the whole time before it.
  const firsts = calls.filter((entry) => before(entry)?.event !== 'model-called');
  const seconds = firsts.map((entry) => (Date.parse(entry.at) - Date.parse(before(entry)?.at ?? entry.at)) / 1000);
  const priced = metered.flatMap(({ usd }) => usd ?? []);
  return {
    made: entries.flatMap((entry) => (entry.event === 'proposal-made' ? [entry.proposal.title] : [])),
    reasons: entries.flatMap((entry) => (entry.event === 'proposal-refused' ? [entry.reason] : [])),
    away: entries.flatMap((entry) => (entry.event === 'model-away' ? [`${entry.code}: ${entry.message}`] : [])),
    tokens: metered.length === 0 ? null : (foldHistory(entries)?.spent.tokens ?? 0),
    usd: priced.length === 0 ? null : priced.reduce((sum, usd) => sum + usd, 0),
    secondsPerCall: [...seconds].sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 0,
  };
}
