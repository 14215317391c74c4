import { expect, it } from 'vitest';
import type { EntryBody } from '../../../src/core/journal/entry.ts';
import { fits } from '../../../src/core/journal/fits.ts';
import { createFold } from '../../../src/core/journal/fold.ts';
import { createScriptedLab, createScriptedResearcher, turnKnobs } from '../../../src/testing/index.ts';
import { conductConfirmation, gradeByRate } from '../../helpers/conduct-confirmation.ts';
import { conductStudy } from '../../helpers/conduct-study.ts';
import { fastFolder } from '../../helpers/fast-folder.ts';
import { livedInJournal } from '../../helpers/lived-in-study.ts';
import { cutPower } from '../../helpers/power-cut.ts';
import { beginSlots, busySlots } from '../../helpers/slots-study.ts';

const script = Object.fromEntries(
  [0.4, 0.41, 0.6, 0.3, 0.301, 0.299, 0.9].map((rate, index) => [index + 1, turnKnobs({ LR: rate })]),
);
const labOf = (policy: 'greedy' | 'confirm' | 'value') =>
  createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher(script),
    run: gradeByRate,
    brief: { score: ['python', 'score.py'], policy },
  });

it.each(['greedy', 'confirm', 'value'] as const)(
  'every entry of a study that was killed, resumed and confirmed under the policy %s fits on those before it',
  async (policy) => {
    let lab = labOf(policy);
    for (const at of [9, 17, 5, 23]) {
      await conductStudy(cutPower(lab, at).lab).catch(() => {});
      lab = lab.reopen();
    }
    await conductStudy(lab);
    await conductConfirmation(lab.reopen(), { isAblated: true });
    const { journal } = lab.archive;
    const fold = createFold();
    for (const entry of journal) {
      expect(fits(fold.whole(), entry), `entry ${entry.seq}, ${entry.event}`).toBe(true);
      fold.add(entry);
    }
    expect(new Set(journal.map(({ event }) => event))).toContain('study-resumed');
  },
);

it('an entry whose predecessor is gone fits only where it does not rest on it', () => {
  const { entries } = livedInJournal();
  const fitting = entries.slice(1, -1).flatMap((gone, index) => {
    const fold = createFold();
    for (const entry of entries.slice(0, index + 1)) fold.add(entry);
    const next = entries[index + 2];
    return next && next.event !== 'insight-written' && next.event !== 'study-stopped' && fits(fold.whole(), next)
      ? [gone.event]
      : [];
  });
  expect([...new Set(fitting)]).toEqual(['insight-written']);
});

it('a run fits only into a slot that no other has, and a proposal moves only onto the incumbent, while it does not run', () => {
  const { entries } = busySlots();
  const fold = createFold();
  for (const entry of entries) {
    expect(fits(fold.whole(), entry), `entry ${entry.seq}, ${entry.event}`).toBe(true);
    fold.add(entry);
  }
  const next = { seq: entries.length + 1, at: '2024-11-24T00:00:00.000Z' };
  const isFit = (body: EntryBody) => fits(fold.whole(), { ...body, ...next });
  const start = { event: 'run-started', experiment: 6, run: 1, seed: 1 } as const;
  expect([0, 1, 2, 3].filter((slot) => isFit({ ...start, slot }))).toEqual([1, 3]);
  const move = { event: 'reapplied', proposal: turnKnobs({ LR: 1 }) } as const;
  expect(isFit({ ...move, experiment: 6, parent: 1 })).toBe(false);
  expect(isFit({ ...move, experiment: 6, parent: 0 })).toBe(false);
  expect(isFit({ ...move, experiment: 3, parent: 1 })).toBe(false);
  const study = beginSlots();
  study.propose(1, turnKnobs({ LR: 0.1 }));
  study.propose(2, turnKnobs({ WIDTH: 16 }));
  study.start(1, 0);
  study.end(1, 1.5);
  study.keep(1);
  expect(fits(study.journal.whole(), { ...move, experiment: 2, parent: 1, ...next })).toBe(true);
  study.start(2, 0);
  expect(fits(study.journal.whole(), { ...move, experiment: 2, parent: 1, ...next })).toBe(false);
});
