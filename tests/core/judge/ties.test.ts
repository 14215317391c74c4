import { describe, expect, it } from 'vitest';
import { policyNames } from '../../../src/core/base/names.ts';
import { turnKnobs } from '../../../src/testing/index.ts';
import { createJournal, scored } from '../../helpers/journal.ts';
import { judgeAnew } from '../../helpers/judge-anew.ts';

describe.each(policyNames)('policy %s keeps no candidate that measured exactly what the incumbent did', (policy) => {
  it.each([
    ['of a script without noise', [0.9111, 0.9111], [0.9111]],
    ['of a share of few samples', [0.9333, 0.9111, 0.8889], [0.9111]],
    ['of a share of few samples, run twice', [0.9333, 0.9111, 0.8889], [0.9333, 0.8889]],
    ['of a script without noise that prints all digits', [41 / 45, 41 / 45, 41 / 45], [41 / 45]],
    ['of a script without noise that prints all digits, for a larger score', [0.7, 0.7, 0.7], [0.7]],
    ['of full precision, in other sums', [0.1, 0.2, 0.3], [0.3, 0.2, 0.1]],
  ])('%s', (_, baseline, own) => {
    const journal = createJournal().baseline(...baseline.map((value) => scored(value, { resolution: 1e-16 })));
    const proposal = turnKnobs({ LR: 1 });
    journal.add({ event: 'proposal-made', experiment: 1, attempt: 0, parent: 0, researcher: 'random', proposal });
    for (const [index, value] of own.entries()) {
      journal.add({ event: 'run-started', experiment: 1, run: index + 1, seed: index });
      journal.add({ event: 'run-ended', experiment: 1, run: index + 1, result: scored(value, { resolution: 1e-16 }) });
    }
    expect(judgeAnew(journal.history(), 1, policy).decision).not.toBe('keep');
  });
});
