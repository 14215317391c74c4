import { expect, it } from 'vitest';
import type { Job, JobState } from '../../src/ports/engine.ts';
import { createScriptedLab, createScriptedResearcher, type ScriptedLab, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

/** A study of one experiment, the first of whose runs are lost so often. */
async function studied(times: number, lost: JobState): Promise<ScriptedLab> {
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher({ 1: turnKnobs({ LR: 0.4 }) }),
    run: scoreByRate,
  });
  let left = times;
  const poll = async (job: Job, waitSeconds: number) => {
    if (!job.id.startsWith('0001') || left === 0) return lab.engine.poll(job, waitSeconds);
    left -= 1;
    return lost;
  };
  await conductStudy({ ...lab, engine: { ...lab.engine, poll } });
  return lab;
}

function seen({ archive }: ScriptedLab) {
  return archive.journal.flatMap((entry) => {
    if (entry.event === 'run-ended' && entry.experiment === 1) return [entry.result.outcome];
    return entry.event === 'verdict-given' && entry.experiment === 1 ? [entry.verdict.decision] : [];
  });
}

const went = { kind: 'lost', reason: 'Colab took its machine back', byMachine: true } as const;

it('a run whose machine went is repeated, and says nothing of its candidate', async () => {
  expect(seen(await studied(5, went))).toEqual([...Array(5).fill('lost'), 'finished', 'keep']);
});

it('a run that is lost without a word of the service fails its candidate at the third time', async () => {
  expect(seen(await studied(5, { kind: 'lost', reason: 'gone' }))).toEqual(['lost', 'lost', 'lost', 'revert']);
});

it('a candidate whose machine goes each time has failed in the end', async () => {
  expect(seen(await studied(99, went))).toEqual([...Array(10).fill('lost'), 'revert']);
});
