import { expect, it } from 'vitest';
import { formatRange } from '../../src/core/space/range/parse-range.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import { createScriptedLab } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const start = 'LR = 0.5\nSEED = 1  # NOCTURNE_SEED\n';

/** Conducts a study whose researcher writes these sources in turn; returns the ranges that each proposal was shown. */
async function rangesOf(sources: readonly string[], stop = () => false): Promise<readonly string[]> {
  const shown: string[] = [];
  const researcher: Researcher = {
    name: 'scripted',
    propose: async ({ space, experiment }) => {
      shown.push(space.map(({ knob, range }) => `${knob.name} ${formatRange(range)}`).join(', '));
      const content = sources[experiment - 1];
      if (content === undefined || stop()) return { kind: 'exhausted', reason: 'enough' };
      const edits = [{ kind: 'write' as const, file: 'train.py', content }];
      const proposal = { title: `Try ${experiment}`, hypothesis: 'It is lower.', kind: 'code' as const, edits };
      return { kind: 'proposal', proposal };
    },
  };
  const files = { 'train.py': start, 'program.md': '' };
  const lab = createScriptedLab({ folder: fastFolder(), files, researcher, run: scoreByRate });
  await conductStudy(lab);
  await conductStudy(lab.reopen());
  return shown;
}

it('a derived range stays that of the start, whatever the keeps make of the value', async () => {
  expect(await rangesOf([start.replace('0.5', '0.3'), start.replace('0.5', '0.2')])).toEqual([
    'LR log 0.017..15',
    'LR log 0.017..15',
    'LR log 0.017..15',
    'LR log 0.017..15',
  ]);
});

it('a knob that a kept edit brought keeps the range of its first value', async () => {
  const brought = `${start.replace('0.5', '0.3')}GAIN = 2.0\n`;
  const turned = `${start.replace('0.5', '0.2')}GAIN = 6.0\n`;
  expect(await rangesOf([brought, turned])).toEqual([
    'LR log 0.017..15',
    'LR log 0.017..15, GAIN log 0.2..20',
    'LR log 0.017..15, GAIN log 0.2..20',
    'LR log 0.017..15, GAIN log 0.2..20',
  ]);
});

it('a value outside its range moves one bound to itself', async () => {
  expect(await rangesOf([start.replace('0.5', '0.001')])).toEqual([
    'LR log 0.017..15',
    'LR log 0.001..15',
    'LR log 0.001..15',
  ]);
});

it('a resumed study goes on with the ranges of its start', async () => {
  let isFirst = true;
  const stop = () => {
    const stopped = isFirst;
    isFirst = false;
    return stopped;
  };
  expect((await rangesOf([start.replace('0.5', '0.3')], stop)).at(-1)).toBe('LR log 0.017..15');
});
