/** Another program on the core of a run, during every other run, under a budget of wall time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { packagePath } from '../../src/adapters/package-root.ts';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';

const computes = packagePath('tests', 'fixtures', 'train', 'computes.py');

/** Two programs that compute on the core that runs are pinned to; they end with the test at the latest. */
function startHogs(): ChildProcess[] {
  const hogs = [1, 2].map(() => spawn('python3', [computes, '60'], { stdio: 'ignore', detached: true }));
  onTestFinished(() => endAll(hogs));
  return hogs;
}

function endAll(hogs: readonly ChildProcess[]): void {
  for (const hog of hogs) hog.kill('SIGKILL');
}

/** A study in which every other run is disturbed; resolves with how many were. */
async function disturbedStudy(root: string): Promise<number> {
  let disturbed = 0;
  const args = ['run', '--tag', 'night', '--max-experiments', '6', '--json', '--yes'];
  const study = startNocturne(root, args);
  let hogs: ChildProcess[] = [];
  let begun = 0;
  study.onLine((line) => {
    const event = JSON.parse(line) as { event: string };
    if (event.event === 'run-started' && begun++ % 2 === 1) {
      disturbed += 1;
      hogs = startHogs();
    }
    if (event.event === 'run-ended') endAll(hogs);
  });
  expect((await study.end).exitCode).toBe(0);
  return disturbed;
}

test.runIf(process.platform === 'linux')(
  'a run whose core others use is contended, no keep rests on one, and the report names it with its reason',
  async () => {
    const repo = project('pinned');
    expect(await disturbedStudy(repo.root)).toBeGreaterThan(2);
    const journal = journalOf(repo.root, 'night');
    const ended = entriesOf(journal, 'run-ended');
    const contended = ended.filter(({ result }) => result.contention);
    expect(contended.length).toBeGreaterThan(0);
    const { stdout } = await nocturne(repo.root, ['report', '--tag', 'night']);
    for (const { experiment, run, result } of contended) {
      expect(stdout).toContain(`| ${experiment} | ${run} | ${result.contention?.isRepeated ? 'no' : 'yes'} | `);
    }
    for (const { seq, experiment, verdict } of entriesOf(journal, 'verdict-given')) {
      if (experiment === 0 || verdict.decision !== 'keep') continue;
      // What is kept rests on its undisturbed runs alone; later ones only look whether the machine has changed.
      const judged = ended.filter((run) => run.experiment === experiment && run.seq < seq);
      const undisturbed = judged.filter((run) => !run.result.contention);
      expect(verdict.statistics?.runs).toBe(undisturbed.length);
      expect(undisturbed.length).toBeGreaterThan(0);
    }
  },
);
