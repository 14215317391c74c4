/**
 * What becomes of a real journal of which any byte is wrong: how a reader takes it, and how a controller that goes on with it does.
 * `--checkout` names another checkout of this program, whose code reads the same journals.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { packagePath } from '../src/adapters/package-root.ts';
import { countFlag, defineBench } from './bench.ts';
import { type DamageKind, damagesOf } from './damage/damages.ts';
import { type Outcome, openReader, outcomes } from './damage/read-damaged.ts';
import { layProject } from './fixture-project.ts';
import type { BenchReport } from './report.ts';

/** `npm run bench -- damage`. */
export const bench = defineBench('damage', {
  summary:
    'a journal with any byte of it wrong, as readers and controllers take it [--experiments N] [--bits 1|8] [--checkout PATH]',
  flags: {
    experiments: countFlag(12),
    bits: z.enum(['1', '8'], 'must be 1 or 8').default('1'),
    checkout: z.string().default(packagePath('.')),
  },
  measure,
});

type Counts = Record<Outcome, number>;

async function measure(flags: { experiments: number; bits: '1' | '8'; checkout: string }): Promise<BenchReport> {
  const folder = mkdtempSync('/dev/shm/nocturne-damage-');
  try {
    const journal = await makeJournal(folder, flags.experiments);
    const reader = await openReader(pathToFileURL(resolve(flags.checkout)).href, folder, journal);
    const rows = new Map<DamageKind, { readers: Counts; controllers: Counts }>();
    for (const { kind, bytes } of damagesOf(journal, flags.bits === '8')) {
      const row = rows.get(kind) ?? { readers: noCounts(), controllers: noCounts() };
      rows.set(kind, row);
      writeFileSync(reader.path, bytes);
      row.readers[await reader.read()] += 1;
      row.controllers[await reader.goOn()] += 1;
    }
    const figures = { bytes: journal.length, entries: reader.entries, rows: Object.fromEntries(rows) };
    return { figures, table: tableOf(rows, journal.length, reader.entries) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeJournal(folder: string, experiments: number): Promise<Buffer> {
  const root = join(folder, 'project');
  await layProject(root);
  const program = packagePath('dist', 'cli', 'main.js');
  await execa(process.execPath, [program, 'run', '--tag', 'a', '--max-experiments', String(experiments)], {
    cwd: root,
  });
  return readFileSync(join(root, 'runs', 'a', 'journal.jsonl'));
}

function noCounts(): Counts {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Counts;
}

function tableOf(
  rows: ReadonlyMap<DamageKind, { readers: Counts; controllers: Counts }>,
  bytes: number,
  entries: number,
): string[] {
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => String(cell).padEnd(index === 0 ? 30 : 11)).join('');
  const body = [...rows].flatMap(([kind, { readers, controllers }]) => [
    line([`${kind}, read`, ...outcomes.map((outcome) => readers[outcome])]),
    line([`${kind}, gone on with`, ...outcomes.map((outcome) => controllers[outcome])]),
  ]);
  return [`a journal of ${bytes} bytes, ${entries} entries`, line(['', ...outcomes]), ...body];
}
