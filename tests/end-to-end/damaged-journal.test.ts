/** A journal that something else wrote into: what is sound is shown, one command repairs it, and the study goes on. */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatLine } from '../../src/core/journal/journal-line.ts';
import { createGate } from '../helpers/gate.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import { expectRefused, refsOf } from '../helpers/whole-study.ts';

const finished = templateStudy('--tag', 'a', '--max-experiments', '4', '--seed', 'damage');
const pathIn = (root: string) => join(root, 'runs/a/journal.jsonl');
const readCommands = [['status'], ['log'], ['show', '1'], ['diff', '1'], ['report'], ['watch'], ['studies']];

function changeLines(root: string, change: (lines: string[]) => void): void {
  const lines = readFileSync(pathIn(root), 'utf8').trimEnd().split('\n');
  change(lines);
  writeFileSync(pathIn(root), `${lines.join('\n')}\n`);
}

test('a line that is not the study’s hides nothing from those who read, and is gone after the repair that `run` asks for', async () => {
  const repo = finished();
  const before = await nocturne(repo.root, ['status']);
  changeLines(repo.root, (lines) => lines.splice(7, 0, 'a line of another program'));
  for (const args of readCommands) {
    const said = await nocturne(repo.root, args);
    expect(said.exitCode, `${args[0]}: ${said.stderr}`).toBe(0);
    expect(said.stderr, args[0]).toContain(
      'damaged at line 8: 1 line in it is not of this study, and nothing is gone.',
    );
  }
  expect((await nocturne(repo.root, ['status'])).stdout).toBe(before.stdout);
  const repair = 'nocturne check --repair --tag a';
  await expectRefused(repo, ['run', '--tag', 'a', '--max-experiments', '5'], 'a', 'damaged at line 8', repair);
  await expectRefused(repo, ['confirm', '--tag', 'a'], 'a', 'damaged at line 8', repair);
  expect(await nocturne(repo.root, ['check'])).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('the journal is damaged at line 8'),
  });

  const repaired = await nocturne(repo.root, ['check', '--repair']);
  expect(repaired, repaired.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('agree with') });
  expect(repaired.stderr).toContain('As it was it is in journal.damaged-1.');
  const again = await nocturne(repo.root, ['check', '--repair']);
  expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('needs no repair') });
  const report = repo.read('runs/a/report.md');
  expect(report).toContain('The journal was repaired: 1 line in it is not of this study');
  const resumed = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '5']);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(await nocturne(repo.root, ['check'])).toMatchObject({ exitCode: 0 });
});

test.each(['run-ended', 'verdict-given'])(
  'after a repair for want of a %s entry the study goes on from what is before it, and nothing is lost',
  async (event) => {
    const repo = finished();
    const journal = journalOf(repo.root, 'a');
    const kept = entriesOf(journal, 'branch-moved')[0]?.experiment;
    const wanted = journal.find((entry) => entry.event === event && 'experiment' in entry && entry.experiment === kept);
    const refs = refsOf(repo, 'a').split('\n');
    changeLines(repo.root, (lines) => lines.splice((wanted?.seq ?? 0) - 1, 1, '{"nothing":"of ours"}'));
    const damagedJournal = readFileSync(pathIn(repo.root), 'utf8');
    const status = await nocturne(repo.root, ['status']);
    expect(status.stderr).toMatch(/1 entry is gone, \d+ entries behind rest on what is gone/);

    const repaired = await nocturne(repo.root, ['check', '--repair', '--tag', 'a']);
    expect(repaired.exitCode, repaired.stdout + repaired.stderr).toBe(0);
    expect(repo.read('runs/a/journal.damaged-1')).toBe(damagedJournal);
    const now = refsOf(repo, 'a').split('\n');
    for (const ref of refs) {
      const [name = '', commit = ''] = ref.split(' ');
      const isThere = now.some((each) => each.endsWith(commit));
      expect(isThere, `${name} is kept under some name`).toBe(true);
    }
    const resumed = await nocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '5']);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const checked = await nocturne(repo.root, ['check', '--tag', 'a']);
    expect(checked.exitCode, checked.stdout).toBe(0);
    expect(entriesOf(journalOf(repo.root, 'a'), 'verdict-given').at(-1)?.experiment).toBe(5);
  },
);

test('an entry that a program forges while a run is in flight does not count, is said, and the run is repeated', async () => {
  const repo = finished();
  const gate = createGate(0);
  const running = startNocturne(repo.root, ['run', '--tag', 'a', '--max-experiments', '5'], gate.variables);
  await gate.untilBegun(1);
  const seq = journalOf(repo.root, 'a').length + 1;
  const at = '2026-11-29T00:00:00.000Z';
  appendFileSync(pathIn(repo.root), `${formatLine({ event: 'note-read', text: 'forged', id: 'x', seq, at }, crc32)}\n`);
  gate.open();
  const said = await running.end;
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toMatch(/another program added \d+ bytes to the journal; they do not count/);
  const journal = journalOf(repo.root, 'a');
  expect(entriesOf(journal, 'note-read')).toEqual([]);
  expect(entriesOf(journal, 'journal-mended')).toMatchObject([{ kind: 'appended', moved: 'journal.foreign-1' }]);
  const runs = entriesOf(journal, 'run-ended').filter(({ experiment }) => experiment === 5);
  expect(runs[0]?.result).toMatchObject({ outcome: 'lost', reason: expect.stringContaining('wrote into the journal') });
  expect(runs[1]?.result.outcome).toBe('finished');
  expect(repo.read('runs/a/journal.foreign-1')).toContain('forged');
  expect((await nocturne(repo.root, ['status'])).stdout).toContain('Another program added');
  expect(await nocturne(repo.root, ['check'])).toMatchObject({ exitCode: 0 });
});

test('a study whose first line is gone is one sentence, and other studies beside it go on', async () => {
  const repo = finished();
  changeLines(repo.root, (lines) => lines.splice(0, 1, 'x'));
  const status = await nocturne(repo.root, ['status', '--tag', 'a']);
  expect(status).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('which says what the study is') });
  expect((await nocturne(repo.root, ['check', '--repair', '--tag', 'a'])).exitCode).toBe(2);
  const other = await nocturne(repo.root, ['run', '--tag', 'b', '--max-experiments', '1']);
  expect(other.exitCode, other.stderr).toBe(0);
  expect(existsSync(join(repo.root, 'runs/b/report.md'))).toBe(true);
  expect(readdirSync(join(repo.root, 'runs/a'))).toContain('journal.jsonl');
  expect(status.stderr).toContain('`nocturne remove --tag a` deletes what there is.');
  const removed = await nocturne(repo.root, ['remove', '--tag', 'a', '--yes']);
  expect(removed, removed.stderr).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Deleted study a') });
  expect([existsSync(join(repo.root, 'runs/a')), refsOf(repo, 'a')]).toEqual([false, '']);
});
