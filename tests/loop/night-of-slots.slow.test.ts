import { expect, it } from 'vitest';
import { createScriptedLab, scoringRun, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { onVirtualClock } from '../helpers/timed-lab.ts';

const hours = 8;
const slots = 16;
const runSeconds = 300;

it('16 slots of five-minute runs idle for at most 1 % of eight hours, in which there are 900 experiments', async () => {
  const scripted = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 1.0\nSEED = 1  # NOCTURNE_SEED\n', 'program.md': '' },
    researcher: {
      name: 'random',
      propose: async ({ experiment }) => ({ kind: 'proposal', proposal: turnKnobs({ LR: 1 + experiment / 1000 }) }),
    },
    // One idea in thirty is a gain.
    run: (run) => {
      const idea = Math.round((knobOf(run, 'LR') - 1) * 1000);
      const gains = Math.floor(idea / 30) * 0.02 + (idea % 30 === 0 ? 0 : -0.1);
      return scoringRun('val_bpb', (3 - gains + ((run.seed * 7919) % 100) / 50_000).toFixed(6));
    },
    brief: { slots, stop: { hours } },
  });
  // Not all runs take the same time, so that they do not end all at once.
  const secondsOf = ({ seed }: { readonly seed: number }) => runSeconds - 10 + (seed % 21);
  const lab = onVirtualClock(scripted, { slots, secondsOf, thoughtSeconds: 0 });
  expect(await conductStudy(lab)).toMatchObject({ reason: 'hours' });
  const all = hours * 3600;
  const busy = lab.runs.reduce((sum, { began, ended }) => sum + Math.max(0, Math.min(ended, all) - began), 0);
  const verdicts = lab.archive.journal.filter(({ event }) => event === 'verdict-given');
  expect(verdicts.length).toBeGreaterThanOrEqual(900);
  expect(1 - busy / (slots * all)).toBeLessThanOrEqual(0.01);
});
