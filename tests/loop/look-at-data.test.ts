/** When the loop has all data looked at: where something rests on the score, and when the study stops. */
import { describe, expect, it } from 'vitest';
import type { Brief } from '../../src/core/brief/brief.ts';
import type { RunKey } from '../../src/ports/run-folders.ts';
import { createScriptedLab, createScriptedResearcher, scoringRun, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

/** A study whose experiments score these numbers, of which `changedBy` are found to have changed the data. */
async function study(scores: readonly number[], brief: Partial<Brief> = {}, changedBy: readonly string[] = []) {
  const proposals = scores.map((score, index) => [index + 1, turnKnobs({ LR: score })] as const);
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher(Object.fromEntries(proposals)),
    run: (run) => scoringRun('val_bpb', knobOf(run, 'LR') + (run.seed % 7) / 1000),
    brief: { stop: { experiments: scores.length }, ...brief },
  });
  const looks: string[] = [];
  const verify = async ({ experiment, run }: RunKey) => {
    const id = `${experiment}/${run}`;
    looks.push(id);
    return changedBy.includes(id) ? { changed: 'data/a.txt' } : undefined;
  };
  const lookAtStop = async () => {
    looks.push('stop');
  };
  await conductStudy({ ...lab, runFolders: { ...lab.runFolders, verify, lookAtStop } });
  const kept = (await lab.archive.entries()).flatMap((entry) =>
    entry.event === 'verdict-given' && entry.verdict.decision === 'keep' ? [entry.experiment] : [],
  );
  return { looks, kept };
}

describe('all data are looked at', () => {
  it('before a score is kept, and when the study stops', async () => {
    expect(await study([0.3, 0.4, 0.31, 0.2])).toEqual({ looks: ['1/1', '4/1', 'stop'], kept: [0, 1, 4] });
  });

  it('before a score has its experiment run again, and after each such run', async () => {
    const { looks, kept } = await study([0.3, 0.8], { policy: 'confirm' });
    expect(looks).toEqual(['1/1', '1/2', 'stop']);
    expect(kept).toEqual([0, 1]);
  });

  it('for no score that is far worse, whatever the policy', async () => {
    for (const policy of ['greedy', 'confirm', 'value'] as const) {
      expect((await study([0.9, 0.95], { policy })).looks).toEqual(['stop']);
    }
  });

  it('and a run that changed them is not kept', async () => {
    expect(await study([0.4, 0.35], {}, ['1/1'])).toEqual({ looks: ['1/1', '2/1', 'stop'], kept: [0, 2] });
  });
});
