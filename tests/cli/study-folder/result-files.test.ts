import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createResultFiles } from '../../../src/cli/study-folder/result-files.ts';
import type { Entry } from '../../../src/core/journal/entry.ts';
import { foldWhole } from '../../../src/core/journal/fold.ts';
import { createScriptedEngine, scoringRun } from '../../../src/testing/index.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

it('a pipe in place of results.tsv holds up no study, and the next start writes the file anew', {
  timeout: 5000,
}, async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'results.tsv');
  const { entries } = livedInJournal();
  const whole = foldWhole(entries);
  const [started, judged] = ['study-started', 'verdict-given'].map((event) =>
    entries.find((entry) => entry.event === event),
  ) as [Entry, Entry];
  if (!whole) throw new Error('the study has begun');
  const files = createResultFiles(folder);
  files.open(
    () => whole,
    createScriptedEngine(() => scoringRun('val_bpb', 1)),
  );
  files.note(started);
  const written = readFileSync(path, 'utf8');
  rmSync(path);
  execFileSync('mkfifo', [path]);
  files.note(judged);
  await files.close();
  files.note(started);
  expect(readFileSync(path, 'utf8')).toBe(written);
});
