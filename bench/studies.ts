/**
 * Whole studies of the tiny sandbox, with this program and with another commit's at the same time, and what their incumbents are
 * truly worth: each is trained and graded again by hand, on seeds that no study has used.
 */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { readJournal } from '../src/adapters/archive/read-journal.ts';
import { countFlag, defineBench, positiveFlag } from './bench.ts';
import { ownProgram, type Program, programsOf } from './command/run-study.ts';
import { readJsonLines } from './json-lines.ts';
import type { BenchReport } from './report.ts';
import { opening, reportStudies, type StudyLine } from './studies/report-studies.ts';
import { trueValues } from './studies/true-values.ts';
import { openTinyPlace } from './tiny-place.ts';

/** `npm run bench -- studies`; the programs are those in `dist`. */
export const bench = defineBench('studies', {
  summary:
    "true values of whole studies on the tiny sandbox after 15 experiments and at the end, against the best of a longer one [--seeds N; without it only what --out FILE has] [--first SEED] [--experiments N] [--far N of the longer study's] [--budget S] [--researcher NAME] [--beside CLONE] [--python PATH]",
  flags: {
    seeds: countFlag(0),
    first: countFlag(1),
    experiments: countFlag(40),
    far: countFlag(400),
    budget: positiveFlag(2),
    researcher: z.string().default('auto'),
    beside: z.string().optional(),
    out: z.string().default('runs/bench-studies.jsonl'),
    python: z.string().default(process.env.NOCTURNE_TEST_PYTHON ?? 'python3'),
  },
  measure,
});

interface Flags {
  readonly seeds: number;
  readonly first: number;
  readonly experiments: number;
  /** Experiments of the study whose incumbent is the far end of the way. */
  readonly far: number;
  /** Seconds of one training. */
  readonly budget: number;
  readonly researcher: string;
  /** Folder with a built clone of another commit. */
  readonly beside?: string | undefined;
  /** Each finished study is a line there; what has one is not done again, and what was cut short goes on. */
  readonly out: string;
  readonly python: string;
}

const tag = 'night';

async function measure(flags: Flags): Promise<BenchReport> {
  const out = resolve(flags.out);
  mkdirSync(dirname(out), { recursive: true });
  const isDone = (who: StudyLine['who'], seed: number) =>
    readJsonLines<StudyLine>(out).some((line) => line.who === who && line.seed === seed);
  const programs = programsOf(flags.beside);
  // Before two studies end at once, each with a clock of its own.
  if (flags.seeds > 0) (await openTinyPlace(flags.python, referenceOf(out))).remove();
  for (let seed = flags.first; seed < flags.first + flags.seeds; seed++) {
    const left = programs.filter(({ name }) => !isDone(name, seed));
    await Promise.all(left.map((program) => study({ ...flags, out, program, seed, who: program.name })));
  }
  if (flags.seeds > 0 && !isDone('far', 0)) {
    await study({ ...flags, out, program: ownProgram(), seed: 0, who: 'far', experiments: flags.far });
  }
  return reportStudies(readJsonLines<StudyLine>(out));
}

interface Study extends Flags {
  readonly who: StudyLine['who'];
  readonly program: Program;
  readonly seed: number;
}

async function study({ who, seed, program, out, ...flags }: Study): Promise<void> {
  const project = `${out}.d/${who}-${seed}`;
  const journal = join(project, 'runs', tag, 'journal.jsonl');
  const nocturne = ({ main }: Program, ...args: readonly string[]) =>
    execa(process.execPath, [main, ...args], { cwd: project, stdin: 'ignore' });
  if (!existsSync(join(project, 'program.md'))) {
    mkdirSync(project, { recursive: true });
    // Both search the same sandbox, on its same clock, on which they are graded.
    await nocturne(ownProgram(), 'init', '--demo', '--sandbox', 'tiny');
  }
  await nocturne(
    program,
    ...['run', '--plain', '--yes', '--tag', tag, '--researcher', flags.researcher, '--python', flags.python],
    ...['--budget', `${flags.budget}s`, '--max-experiments', String(flags.experiments)],
    ...(existsSync(journal) ? [] : ['--seed', `bench-${seed}`]),
  );
  const { start, keeps } = incumbentsOf(journal);
  const commits = [start, keeps.filter(({ experiment }) => experiment <= opening).at(-1)?.commit ?? start];
  const values = await trueValues(project, [...commits, keeps.at(-1)?.commit ?? start], {
    ...flags,
    reference: referenceOf(out),
  });
  const [atStart = Number.NaN, opened = Number.NaN, end = Number.NaN] = values;
  const line: StudyLine = { who, seed, kept: keeps.length, start: atStart, opened, end };
  appendFileSync(out, `${JSON.stringify(line)}\n`);
  process.stderr.write(`${who} ${seed}: ${[atStart, opened, end].map((value) => value.toFixed(4)).join(', ')}\n`);
}

/** The reference of the clock by which all studies of an output file are graded. */
const referenceOf = (out: string) => `${out}.reference.json`;

/** The commits that the study stood on, in the order in which they were kept. */
function incumbentsOf(journal: string) {
  const keeps: { readonly experiment: number; readonly commit: string }[] = [];
  let start = '';
  for (const entry of readJournal(journal)) {
    if (entry.event === 'study-started') start = entry.start;
    if (entry.event === 'verdict-given' && entry.kept !== undefined && entry.experiment > 0)
      keeps.push({ experiment: entry.experiment, commit: entry.kept });
  }
  return { start, keeps };
}
