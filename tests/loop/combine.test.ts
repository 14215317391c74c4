/** Near misses that the controller combines into one candidate, in a study whose truth is known. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { EntryOf } from '../../src/core/journal/entry.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type LaidRun,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const names = Array.from({ length: 24 }, (_, index) => `KNOB_${index}`);
const train = `${names.map((name) => `${name} = 0`).join('\n')}\nSEED = 1  # NOCTURNE_SEED\n`;

/** Every second knob set to 1 gains 0.012, to 2 loses 0.04; one seed's sigma is 0.01. */
function score(run: LaidRun) {
  const settings = names.map((name) => knobOf(run, name));
  const effect = settings.reduce(
    (sum, value, index) => sum + (value === 2 ? 0.04 : index % 2 === 0 ? -0.012 * value : 0),
    0,
  );
  const digest = createHash('sha1').update(`${settings}/${run.seed}`).digest();
  const noise = [0, 4, 8, 12].reduce((sum, at) => sum + digest.readUInt32BE(at) / 2 ** 32 - 0.5, 0) * Math.sqrt(3);
  return scoringRun('val_bpb', (2 + effect + 0.01 * noise).toFixed(6));
}

/** Each knob is tried at 2, which harms, and then at 1. */
function labWith(policy: 'value' | 'greedy') {
  const script = Object.fromEntries(
    Array.from({ length: 2 * names.length }, (_, index) => {
      const settings = { [names[index >> 1] ?? '']: index % 2 === 0 ? 2 : 1 };
      return [index + 1, turnKnobs(settings)];
    }),
  );
  return createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': train, 'program.md': '' },
    researcher: createScriptedResearcher(script),
    run: score,
    brief: { policy, stop: { experiments: 40 } },
  });
}

type Lab = ReturnType<typeof labWith>;

const made = (lab: Lab) =>
  lab.archive.journal.filter((entry): entry is EntryOf<'proposal-made'> => entry.event === 'proposal-made');
const combined = (lab: Lab) => made(lab).filter(({ combines }) => combines !== undefined);

test('near misses run together as one candidate that makes all their edits', async () => {
  const lab = labWith('value');
  await conductStudy(lab);
  const [first] = combined(lab);
  expect(first).toMatchObject({ researcher: 'combine' });
  const members = first?.combines ?? [];
  expect(members.length).toBeGreaterThan(1);
  const edits = members.flatMap((member) => made(lab).find(({ experiment }) => experiment === member)?.proposal.edits);
  expect(first?.proposal.edits.toSorted(byText)).toEqual(edits.toSorted(byText));
  expect(first?.proposal.title).toBe(`Combine experiments ${members.slice(0, -1).join(', ')} and ${members.at(-1)}`);
});

test('a knob is combined only while it still has the value that its experiment changed', async () => {
  const lab = labWith('value');
  await conductStudy(lab);
  const fromOf = (experiment: number) => made(lab).find((entry) => entry.experiment === experiment)?.from;
  for (const { from, combines = [] } of combined(lab)) expect(from).toEqual(Object.assign({}, ...combines.map(fromOf)));
});

test('no experiment is combined twice', async () => {
  const lab = labWith('value');
  await conductStudy(lab);
  const members = combined(lab).flatMap(({ combines }) => combines);
  expect(new Set(members).size).toBe(members.length);
});

test('a policy that does not weigh chances combines nothing', async () => {
  const lab = labWith('greedy');
  await conductStudy(lab);
  expect(combined(lab)).toEqual([]);
});

test('a study opened again at any time combines the same', async () => {
  const undisturbed = labWith('value');
  await conductStudy(undisturbed);
  const lab = labWith('value');
  for (const experiments of [8, 17, 29, 40]) await conductStudy(lab.reopen({ stop: { experiments } }));
  const combinations = (of: Lab) => combined(of).map(({ experiment, combines }) => ({ experiment, combines }));
  expect(combinations(lab)).toEqual(combinations(undisturbed));
});

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other));
}
