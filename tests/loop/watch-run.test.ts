import { expect, it } from 'vitest';
import { openStudy, type Study } from '../../src/loop/study.ts';
import { watchRun } from '../../src/loop/watch-run.ts';
import type { Job, Stage } from '../../src/ports/engine.ts';
import { createScriptedLab, createScriptedResearcher, scoringRun } from '../../src/testing/index.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { createJournal, scored } from '../helpers/journal.ts';

const curve = Array.from({ length: 20 }, (_, at): [number, number] => [(at + 1) / 20, 2]);
const measured = { ...scored(2), curve, silence: 0.5 };
const lines = Array.from({ length: 20 }, (_, at) => `step=${at} loss=2.0 progress=${(at + 1) / 20}\n`).join('');

/** A watcher of a training that prints twenty lines of progress at once, and then nothing. */
async function watcher() {
  const history = createJournal().baseline(measured, measured).experiment(scored(3), 'revert').history();
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': '' },
    researcher: createScriptedResearcher({}),
    run: () => scoringRun('val_bpb', 1),
  });
  const engine = createScriptedEngine(() => ({ log: { train: lines }, end: undefined }));
  const { study } = await openStudy({ ...lab, engine }, new AbortController().signal);
  const job: Job = { id: '0001/run-1', folder: fastFolder(), stages: [], limitSeconds: 20 };
  await engine.submit(job);
  const watched: Study = { ...study, history: () => history };
  return watchRun(watched, { experiment: 1, run: 1, seed: 1, commit: 'c' }, job);
}

async function lookFor(seconds: number, stage: Stage['name'] | undefined) {
  const watched = await watcher();
  await watched.look(1, 'train');
  for (let second = 2; second < seconds; second++) await watched.look(second, stage);
  return watched;
}

it('a training that falls silent is ended as stalled', async () => {
  expect((await lookFor(60, 'train')).kill()).toMatchObject({ outcome: 'stalled' });
});

it.each(['score', undefined] as const)('it is not while the stage is %s, however long that takes', async (stage) => {
  const watched = await lookFor(600, stage);
  expect(watched.kill()).toBeUndefined();
  expect(watched.figures().silence).toBe(0);
});
