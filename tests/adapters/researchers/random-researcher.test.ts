import { expect, it } from 'vitest';
import { createRandomResearcher } from '../../../src/adapters/researchers/random-researcher.ts';
import { describeResearcherContract, proposalOf, requestFor } from '../../contracts/researcher-contract.ts';

const { signal } = new AbortController();

async function editsFor(seed: string) {
  const reply = await createRandomResearcher().propose(await requestFor(undefined, { seed }), signal);
  return proposalOf(reply).edits.map((edit) => (edit.kind === 'set-knob' ? [edit.knob, edit.to] : []));
}

describeResearcherContract(createRandomResearcher);

it('its proposals follow from the seed and never change, or a resumed study would propose something else', async () => {
  expect(await editsFor('nov23/experiment 1/attempt 0')).toEqual([
    ['LEARNING_RATE', 0.0438],
    ['HIDDEN', 256],
  ]);
  expect(await editsFor('nov23/experiment 2/attempt 0')).toEqual([
    ['HIDDEN', 16],
    ['LAYERS', 1],
  ]);
});

it('one to three different knobs are turned, each of them now and then, and none stays as it is', async () => {
  const counts = new Map<number, number>();
  const knobs = new Set<unknown>();
  for (let index = 0; index < 200; index++) {
    const edits = await editsFor(`seed ${index}`);
    counts.set(edits.length, (counts.get(edits.length) ?? 0) + 1);
    expect(new Set(edits.map(([knob]) => knob)).size).toBe(edits.length);
    for (const [knob] of edits) knobs.add(knob);
    expect(edits).not.toContainEqual(['HIDDEN', 64]);
  }
  expect([...counts.keys()].sort()).toEqual([1, 2, 3]);
  expect(knobs).toEqual(new Set(['LEARNING_RATE', 'MOMENTUM', 'HIDDEN', 'LAYERS']));
});

it('a space of one knob turns that one', async () => {
  const request = await requestFor(undefined, {}, { 'train.py': 'LAYERS = 2\n' });
  const { title } = proposalOf(await createRandomResearcher().propose(request, signal));
  expect(title).toMatch(/^LAYERS 2 -> [13]$/);
});

it('in a small space what was tried is not proposed again, and then the space is exhausted', async () => {
  const tried = new Set<string>();
  const findEarlier = async (files: Readonly<Record<string, string>>) =>
    tried.has(JSON.stringify(files)) ? 1 : undefined;
  const files = { 'train.py': 'LAYERS = 2\nMOMENTUM = 0.9\n' };
  const base = await requestFor(undefined, {}, files);
  const space = base.space.filter(({ knob }) => knob.name === 'LAYERS');
  tried.add(JSON.stringify(files));
  const titles: string[] = [];
  for (let attempt = 0; attempt < 2; attempt++) {
    const request = { ...base, space, findEarlier, seed: `small/${attempt}` };
    const proposal = proposalOf(await createRandomResearcher().propose(request, signal));
    titles.push(proposal.title);
    const [edit] = proposal.edits;
    if (edit?.kind !== 'set-knob') throw new Error('no knob');
    tried.add(JSON.stringify({ 'train.py': `LAYERS = ${edit.to}\nMOMENTUM = 0.9\n` }));
  }
  expect(titles.sort()).toEqual(['LAYERS 2 -> 1', 'LAYERS 2 -> 3']);
  const last = await createRandomResearcher().propose({ ...base, space, findEarlier, seed: 'small/2' }, signal);
  expect(last).toEqual({ kind: 'exhausted', reason: 'all 3 configurations of the space are tried' });
});
