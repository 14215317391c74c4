import { expect, test } from 'vitest';
import type { Edit } from '../../../../src/core/journal/proposal.ts';
import { journalledKnobs } from '../../../../src/core/space/trials/journalled-knobs.ts';
import { createJournal, fakeHash, scored } from '../../../helpers/journal.ts';

const set = (knob: string, to: number): Edit => ({ kind: 'set-knob', file: 'train.py', knob, to });
const code: Edit = { kind: 'replace', file: 'train.py', find: 'a', replace: 'b' };

test('a candidate has what it set and what those before it set; reverted code is left out', () => {
  const journal = createJournal().baseline(scored(2));
  const add = (edits: Edit[], isKept: boolean) => {
    const { experiments, incumbent: parent } = journal.history();
    const experiment = experiments.length;
    const kind = edits.includes(code) ? ('code' as const) : ('knobs' as const);
    const proposal = { title: 't', hypothesis: '', kind, edits };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent, researcher: 'x', proposal });
    const verdict = { decision: isKept ? ('keep' as const) : ('revert' as const), reason: '' };
    const kept = isKept ? { kept: fakeHash('keep', experiment) } : {};
    journal.add({ event: 'verdict-given', experiment, verdict, ...kept });
  };
  add([set('LR', 0.2)], true);
  add([set('WIDTH', 16)], false);
  add([code], true);
  add([code], false);
  add([set('WIDTH', 32)], false);
  expect([...journalledKnobs(journal.history())]).toEqual([
    [0, {}],
    [1, { 'train.py:LR': 0.2 }],
    [2, { 'train.py:LR': 0.2, 'train.py:WIDTH': 16 }],
    [3, { 'train.py:LR': 0.2 }],
    [5, { 'train.py:LR': 0.2, 'train.py:WIDTH': 32 }],
  ]);
});

test('a knob has the value from before it was first set, in a journal that tells it', () => {
  const journal = createJournal().baseline(scored(2));
  const add = (edits: Edit[], from?: Record<string, number>) => {
    const experiment = journal.history().experiments.length;
    const proposal = { title: 't', hypothesis: '', kind: 'knobs' as const, edits };
    const told = from && { from };
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'x', proposal, ...told });
    journal.add({ event: 'verdict-given', experiment, verdict: { decision: 'revert', reason: '' } });
  };
  add([set('OLD', 5)]);
  add([set('LR', 0.2)], { 'train.py:LR': 0.1 });
  add([set('OLD', 6)], { 'train.py:OLD': 5 });
  expect([...journalledKnobs(journal.history())]).toEqual([
    [0, { 'train.py:LR': 0.1 }],
    [1, { 'train.py:LR': 0.1, 'train.py:OLD': 5 }],
    [2, { 'train.py:LR': 0.2 }],
    [3, { 'train.py:LR': 0.1, 'train.py:OLD': 6 }],
  ]);
});
