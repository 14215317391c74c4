/** What a researcher may do to knobs.json: an edit that the commands could not be filled from is refused, with its reason. */
import { expect, test } from 'vitest';
import { openKnobReader } from '../../src/adapters/knob-reader/knob-reader.ts';
import type { Proposal } from '../../src/core/journal/proposal.ts';
import { createScriptedLab, createScriptedResearcher, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const start = '{\n  "lr": 1.0,\n  "opt": "adam"\n}\n';
const write = (content: string): Proposal => ({
  title: 'a change',
  hypothesis: '',
  kind: 'code',
  edits: [{ kind: 'write', file: 'knobs.json', content }],
});

async function afterProposing(...proposals: readonly Proposal[]) {
  const brief = {
    edit: ['train.py', 'knobs.json', 'c.yaml'],
    knobs: { lr: '1.0 in log 0.1..10', opt: 'adam in choice adam, sgd' },
  };
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.9\n', 'knobs.json': start, 'c.yaml': 'a: 1\n' },
    brief,
    knobReader: openKnobReader({ interpreter: 'python3', brief: { ...brief, train: ['python', 'train.py'] } }),
    researcher: createScriptedResearcher({ 1: proposals }),
    run: scoreByRate,
  });
  await conductStudy(lab);
  const entries = await lab.archive.entries();
  const candidate = entries.findLast((entry) => entry.event === 'candidate-committed');
  return {
    refused: entries.flatMap((entry) => (entry.event === 'proposal-refused' ? [entry.reason] : [])),
    file: candidate && (await lab.workspace.read(candidate.commit))['knobs.json'],
  };
}

test.each([
  [start.replace('1.0', '"2.0"'), 'knobs.json: `lr` must be a number, found "2.0"'],
  [start.replace('adam', '$(rm x)'), 'knobs.json: `opt` must be a text of letters, digits and marks, found "$(rm x)"'],
  [start.replace('  "lr": 1.0,\n', ''), "knobs.json has no `lr`, which the brief's `knobs:` declares"],
  [start.slice(0, -4), 'knobs.json is no JSON object'],
  ['', 'knobs.json is no JSON object'],
])('%j is refused', async (content, reason) => {
  const { refused, file } = await afterProposing(write(content), write(start.replace('1.0', '2.0')));
  expect(refused).toEqual([reason]);
  expect(file).toBe(start.replace('1.0', '2.0'));
});

test('a configuration file that no longer parses is refused, though the run may not read it', async () => {
  const broken = {
    ...write('a: 1\nb: c: d\n'),
    edits: [{ kind: 'write', file: 'c.yaml', content: 'a: 1\nb: c: d\n' }],
  } as const;
  const { refused } = await afterProposing({ ...broken, edits: [...broken.edits] });
  expect(refused).toEqual([expect.stringMatching(/^it does not parse: c\.yaml line 2: /)]);
});

test('a search sets a declared knob in its line', async () => {
  const { refused, file } = await afterProposing(turnKnobs({ lr: 3 }, 'knobs.json'));
  expect(refused).toEqual([]);
  expect(file).toBe(start.replace('1.0', '3.0'));
});
