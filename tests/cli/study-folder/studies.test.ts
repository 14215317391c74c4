import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasJournal } from '../../../src/cli/study-folder/studies.ts';

test('a journal that holds nothing but a torn first line is of a study that has not begun', () => {
  const runs = mkdtempSync(join(tmpdir(), 'nocturne-runs-'));
  mkdirSync(join(runs, 'nov23'));
  writeFileSync(join(runs, 'nov23', 'journal.jsonl'), '{"seq":1,"at":"2026');
  expect(hasJournal(runs, 'nov23')).toBe(false);
  rmSync(runs, { recursive: true });
});
