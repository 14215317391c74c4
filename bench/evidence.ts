/**
 * What public ledgers show of autonomous research: the tables of docs/evidence.md from a folder of ledgers, for each half of
 * the repositories and both.
 */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { publicKinds } from '../src/core/judge/policies/value/start.ts';
import { countFlag, defineBench } from './bench.ts';
import { fitKind } from './evidence/fit.ts';
import { replayOf } from './evidence/replay-of.ts';
import { readStudies } from './evidence/studies.ts';
import { type EvidenceTables, evidenceTables, type RateRow, repositoriesOf } from './evidence/tables.ts';
import type { BenchReport } from './report.ts';

/** `npm run bench -- evidence`. */
export const bench = defineBench('evidence', {
  summary:
    'what public ledgers show: keeps by position and drought, effects in noise --ledgers FOLDER --index FILE.tsv [--worlds FILE.json] [--fit ROUNDS]',
  flags: {
    ledgers: z.string({ error: 'is needed' }),
    index: z.string({ error: 'is needed' }),
    worlds: z.string().optional(),
    fit: countFlag(0),
  },
  measure,
});

interface EvidenceFlags {
  readonly ledgers: string;
  readonly index: string;
  /** Path to which the studies are written as worlds for `bench judge`. */
  readonly worlds?: string | undefined;
  /** Rounds in which the first kind of studies is fitted to the choosing half; none at 0. */
  readonly fit: number;
}

async function measure({ ledgers, index, worlds, fit }: EvidenceFlags): Promise<BenchReport> {
  const { studies, leftOut } = await readStudies(ledgers, index);
  if (worlds !== undefined) await writeFile(worlds, JSON.stringify({ replays: studies.map(replayOf) }));
  const halves = (['choosing', 'judged'] as const).map((half) => {
    const own = studies.filter((study) => study.half === half);
    return { half, repositories: repositoriesOf(own), tables: evidenceTables(own) };
  });
  const choosing = studies.filter(({ half }) => half === 'choosing');
  const fitted = fit === 0 ? undefined : fitKind(publicKinds, choosing, fit);
  const both = evidenceTables(studies);
  const counted = studies.map(({ experiments, ...study }) => ({ ...study, experiments: experiments.length }));
  return {
    figures: { both, halves, studies: counted, leftOut, ...(fitted && { fitted }) },
    table: [
      ...linesOf('both halves', both),
      ...halves.flatMap(({ half, repositories, tables }) => [
        '',
        ...linesOf(`the ${half} half`, tables),
        `repositories: ${repositories.join(', ')}`,
      ]),
      ...(fitted ? ['', `fitted to the choosing half: ${JSON.stringify(fitted)}`] : []),
      '',
      `left out: ${leftOut.length} ledgers or studies`,
    ],
  };
}

function linesOf(title: string, tables: EvidenceTables): string[] {
  const { repositories, studies, experiments, keeps } = tables;
  return [
    `${title}: ${experiments} experiments, ${keeps} kept, in ${studies} studies of ${repositories} repositories`,
    ...['by position', ...tables.byPosition.map(rateLine)],
    ...['by misses before it', ...tables.byMisses.map(rateLine)],
    'effects in sigma, positive is better',
    ...tables.effects.map(
      (row) =>
        `  ${row.gainInSigma.padEnd(14)} ${row.share} (${row.experiments} experiments, ${row.repositories} repositories; each repository once ${row.shareOverRepositories})`,
    ),
  ];
}

function rateLine(row: RateRow): string {
  return `  ${row.span.padEnd(14)} kept ${row.keepRate}, each repository once ${row.keepRateOverRepositories}, crashed ${row.crashRate} (${row.experiments} experiments, ${row.studies} studies, ${row.repositories} repositories)`;
}
