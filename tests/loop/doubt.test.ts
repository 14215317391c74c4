/** A lucky run of a candidate that is far noisier than the others, in a whole study. */
import { expect, test } from 'vitest';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { experimentOf, valuesOf } from '../../src/core/journal/history.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type LaidRun,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const train = 'LR = 1\nBATCH = 0\nSEED = 1  # NOCTURNE_SEED\n';

/** LR = 9 measures 1.2 the first time and 2.4 ever after; each BATCH after it is worth less than the one before. */
function labWhoseLuckRunsOut({ slots, experiments }: { slots: number; experiments: number }) {
  const seeds: number[] = [];
  const run = (laid: LaidRun) => {
    const [rate, batch] = [knobOf(laid, 'LR'), knobOf(laid, 'BATCH')];
    if (rate === 9 && batch === 0 && !seeds.includes(laid.seed)) seeds.push(laid.seed);
    const base = rate !== 9 ? 2 : batch === 0 && laid.seed === seeds[0] ? 1.2 : 2.4;
    return scoringRun('val_bpb', (base + 0.01 * batch + 0.01 * ((laid.seed % 3) - 1)).toFixed(4));
  };
  const tries = Array.from({ length: 12 }, (_, index) => [index + 2, turnKnobs({ BATCH: index + 1 })] as const);
  return createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': train, 'program.md': '' },
    researcher: createScriptedResearcher({ 1: turnKnobs({ LR: 9 }), ...Object.fromEntries(tries) }),
    run,
    brief: { policy: 'value', slots, stop: { experiments } },
  });
}

const historyOf = (lab: ReturnType<typeof labWhoseLuckRunsOut>) => {
  const history = foldHistory(lab.archive.journal);
  if (!history) throw new Error('the journal is empty');
  return history;
};

test.each([1, 2])('it runs once more when nothing was kept for eight experiments, with %i slots', async (slots) => {
  const lab = labWhoseLuckRunsOut({ slots, experiments: 13 });
  await conductStudy(lab);
  const history = historyOf(lab);
  expect(history.doubts).toMatchObject([{ experiment: 1, run: 2 }]);
  expect(valuesOf(experimentOf(history, 1))).toHaveLength(2);
  expect(experimentOf(history, 1).runs).toHaveLength(2);
});

test('in the session after the one that ended with the eighth, too', async () => {
  const lab = labWhoseLuckRunsOut({ slots: 1, experiments: 9 });
  await conductStudy(lab);
  expect(historyOf(lab).doubts).toEqual([]);
  const later = lab.reopen({ stop: { experiments: 10 } });
  await conductStudy(later);
  expect(historyOf(later).doubts).toMatchObject([{ experiment: 1, run: 2 }]);
  expect(historyOf(later).experiments).toHaveLength(11);
});
