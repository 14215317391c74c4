/** Proposals that come back to a program that was tried, with Python's own parser as the judge of what a program is. */
import { expect, test } from 'vitest';
import { createNormalFormReader } from '../../src/adapters/python/normal-form-reader.ts';
import { createSourceInspector } from '../../src/adapters/python/source-inspector.ts';
import type { Proposal } from '../../src/core/journal/proposal.ts';
import { createScriptedLab, createScriptedResearcher, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const source = `LR = 0.9
SEED = 1


def main(rate):
    total = rate + LR
    return total
`;

const write = (title: string, content: string): Proposal => ({
  title,
  hypothesis: '',
  kind: 'code',
  edits: [{ kind: 'write', file: 'train.py', content }],
});

/** Proposes, one after the other: a keep (LR 0.5), another keep (LR 0.3), then the given change. */
async function afterTwoKeeps(change: Proposal) {
  const lab = {
    ...createScriptedLab({
      folder: fastFolder(),
      files: { 'train.py': source },
      researcher: createScriptedResearcher({ 1: turnKnobs({ LR: 0.5 }), 2: turnKnobs({ LR: 0.3 }), 3: [change] }),
      run: scoreByRate,
    }),
    normalForm: createNormalFormReader(createSourceInspector('python3')),
  };
  await conductStudy(lab);
  const entries = await lab.archive.entries();
  return {
    refused: entries.flatMap((entry) => (entry.event === 'proposal-refused' ? [entry.reason] : [])),
    made: entries.filter((entry) => entry.event === 'proposal-made').length,
  };
}

const incumbent = source.replace('0.9', '0.3');
const undone = 'the same program as the baseline, comments, names and seed apart';

test.each([
  ['the seed', incumbent.replace('SEED = 1', 'SEED = 7'), "it changes only the seed, which is the harness's to choose"],
  ['a comment', incumbent.replace('SEED = 1', 'SEED = 1  # lucky'), 'it changes only comments, layout or names'],
  ['the name of a variable', incumbent.replaceAll('total', 'sum_'), 'it changes only comments, layout or names'],
  ['what two keeps changed, back', source, 'the same candidate as experiment 0'],
  ['what two keeps changed, back, with a comment', source.replace('0.9', '0.9  # as it was'), undone],
  ['what two keeps changed, back, with other names', source.replaceAll('rate', 'pace'), undone],
  ['what two keeps changed, back, with another seed', source.replace('SEED = 1', 'SEED = 2'), undone],
  [
    'what the last keep changed, back, with a comment',
    source.replace('0.9', '0.50  # the former'),
    'the same program as experiment 1, comments, names and seed apart',
  ],
])('a proposal that changes only %s is refused', async (_, content, reason) => {
  expect(await afterTwoKeeps(write('a change', content))).toEqual({ refused: [reason], made: 2 });
});

test('a proposal that changes a value is made, whatever else it renames', async () => {
  const content = source.replace('0.9', '0.2  # new').replaceAll('total', 'sum_');
  expect(await afterTwoKeeps(write('a change', content))).toEqual({ refused: [], made: 3 });
});

test('a source that does not parse is for the run to fail on', async () => {
  expect(await afterTwoKeeps(write('a change', 'LR = (\n'))).toEqual({ refused: [], made: 3 });
});
