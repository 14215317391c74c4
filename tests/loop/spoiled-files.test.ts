/** What training code writes over the files that a later session reads back makes its run void, and the study goes on. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunFolders } from '../../src/adapters/run-folders/file-run-folders.ts';
import type { Job } from '../../src/ports/engine.ts';
import {
  createScriptedEngine,
  createScriptedLab,
  createScriptedResearcher,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/nocturne.ts';
import { PowerCut } from '../helpers/power-cut.ts';
import { spoilings } from '../helpers/spoil.ts';

const spoiler = '0001/run-1';

/** A study whose first experiment does this in its run folder; each `conduct` is a session of its own. */
function createStudy(misbehave: (job: Job, studyFolder: string) => void) {
  const folder = fastFolder();
  const lab = createScriptedLab({
    folder,
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher({ 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.2 }) }),
    run: () => scoringRun('val_bpb', 1),
    brief: { stop: { experiments: 2 } },
  });
  const engine = createScriptedEngine((job) => {
    if (job.id === spoiler) misbehave(job, folder);
    return scoringRun('val_bpb', job.id.startsWith('0000') ? 1 : 0.5);
  });
  const { brief, workspace } = lab;
  const places = { studyFolder: folder, sandboxInRepository: '.', userSandbox: folder };
  const conduct = (isKilled: boolean) => {
    const runFolders = createRunFolders({
      brief,
      workspace,
      engine,
      interpreter: 'python',
      environment: {},
      ...places,
    });
    const submit = async (job: Job) => {
      await engine.submit(job);
      if (isKilled && job.id === spoiler) throw new PowerCut();
    };
    return conductStudy({ ...lab.reopen(), runFolders, engine: { ...engine, submit } });
  };
  return { lab, conduct };
}

describe.each([
  ['and the controller is killed', true],
  ['while its controller waits', false],
])('a run that spoils its trees.json %s', (_, isKilled) => {
  it.each(spoilings)('with %s is void, and the study goes on', async (__, spoil) => {
    const { lab, conduct } = createStudy((job) => spoil(join(job.folder, 'trees.json')));
    if (isKilled) await expect(conduct(true)).rejects.toThrow(PowerCut);
    expect(await conduct(false)).toMatchObject({ reason: 'experiments' });
    const [spoiled, honest] = entriesOf(lab.archive.journal, 'run-ended').filter(({ experiment }) => experiment > 0);
    expect(spoiled?.result).toMatchObject({ outcome: 'crashed', reason: 'void: it changed trees.json' });
    expect(honest?.result).toMatchObject({ outcome: 'finished', measurement: { value: 0.5 } });
    const verdicts = entriesOf(lab.archive.journal, 'verdict-given').map(({ verdict }) => verdict.decision);
    expect(verdicts).toEqual(['keep', 'revert', 'keep']);
  });
});

it.each(spoilings)(
  'a run that leaves %s in place of the seal of the base is void, and the study goes on',
  async (_, spoil) => {
    const { lab, conduct } = createStudy((__, folder) => spoil(join(folder, 'base', 'sealed.json')));
    expect(await conduct(false)).toMatchObject({ reason: 'experiments' });
    const [spoiled, honest] = entriesOf(lab.archive.journal, 'run-ended').filter(({ experiment }) => experiment > 0);
    expect(spoiled?.result).toMatchObject({ outcome: 'crashed', reason: 'void: it changed base/sealed.json' });
    expect(honest?.result).toMatchObject({ outcome: 'finished', measurement: { value: 0.5 } });
  },
);
