import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/run/run.ts';
import { conditionsSection, contentionText } from '../../../src/core/views/conditions.ts';
import { createJournal, scored } from '../../helpers/journal.ts';

const contended = (isRepeated: boolean): RunResult => ({
  ...scored(2),
  contention: { reason: 'other work took 50 % of the processor time it wanted', isRepeated },
});

describe('the section on the machine', () => {
  it('names each contended run with its reason', () => {
    const journal = createJournal().baseline(contended(true), scored(2), contended(false));
    expect(conditionsSection(journal.history())).toBe(`## The machine

1 run was contended: not judged, but run again with the same seed.
1 run stayed contended when repeated and was judged all the same.

| # | run | judged | what the machine did |
|---|---|---|---|
| 0 | 1 | no | other work took 50 % of the processor time it wanted |
| 0 | 3 | yes | other work took 50 % of the processor time it wanted |`);
  });

  it('is left out when no run was contended', () => {
    expect(conditionsSection(createJournal().baseline(scored(2)).history())).toBe('');
  });
});

describe('a run in words', () => {
  const textOf = (result: RunResult) => {
    const [run] = createJournal().baseline(result).history().experiments[0]?.runs ?? [];
    return run && contentionText(run);
  };

  it('says why it was contended and what became of it', () => {
    const reason = 'contended (other work took 50 % of the processor time it wanted)';
    expect(textOf(contended(true))).toBe(`${reason}: not judged, run again`);
    expect(textOf(contended(false))).toBe(`${reason}: judged all the same`);
    expect(textOf(scored(2))).toBe('');
  });
});
