import { expect, it } from 'vitest';
import { createRecipeResearcher } from '../../../src/adapters/researchers/recipe-researcher.ts';
import moves from '../../../src/data/evidence/knob-moves.json' with { type: 'json' };
import type { ProposalRequest } from '../../../src/ports/researcher.ts';
import { describeResearcherContract, proposalOf, requestFor } from '../../contracts/researcher-contract.ts';
import { createJournal, type Journal, scored } from '../../helpers/journal.ts';

const { signal } = new AbortController();
const knobs = ['WEIGHT_DECAY = 0.1', 'MOMENTUM = 0.0', 'HIDDEN = 64', 'ADAM_BETA2 = 0.999', 'LR = 0.1'];
const files = { 'train.py': `${knobs.join('\n')}\n` };
const started = () => createJournal().baseline(scored(2));

describeResearcherContract(createRecipeResearcher, files);

async function ask(journal: Journal, more: Partial<ProposalRequest> = {}, source = files) {
  return createRecipeResearcher().propose(await requestFor(journal, more, source), signal);
}

/** The titles of everything that it proposes, when nothing of it is kept. */
async function titles(journal = started(), source = files): Promise<string[]> {
  const found: string[] = [];
  for (let experiment = journal.history().experiments.length; ; experiment++) {
    const reply = await ask(journal, {}, source);
    if (reply.kind !== 'proposal') return found;
    const { proposal } = reply;
    found.push(proposal.title);
    journal.add({ event: 'proposal-made', experiment, attempt: 0, parent: 0, researcher: 'recipe', proposal });
  }
}

it('what it has to suggest comes one knob at a time, and then it is exhausted for good', async () => {
  const journal = started();
  expect(await titles(journal)).toEqual([
    'LR 0.1 -> 0.2',
    'HIDDEN 64 -> 32',
    'MOMENTUM 0 -> 0.9',
    'ADAM_BETA2 0.999 -> 0.99',
    'WEIGHT_DECAY 0.1 -> 0.05',
    'LR 0.1 -> 0.05',
    'MOMENTUM 0 -> 0.95',
  ]);
  const exhausted = { kind: 'exhausted', reason: 'training recipes have nothing more to suggest' };
  for (let round = 0; round < 3; round++) expect(await ask(journal)).toEqual(exhausted);
});

it('says what it does, whose custom it is, and what became of it in public', async () => {
  const told = async (line: string) => proposalOf(await ask(started(), {}, { 'train.py': `${line}\n` })).hypothesis;
  expect(await told('MOMENTUM = 0.0')).toBe('Recipe: customary for MOMENTUM (Sutskever et al., ICML 2013).');
  const row = moves.rows.find(({ knob, step }) => knob === 'aspect ratio/width' && step === 'down 1.5-4x');
  expect(await told('HIDDEN = 64')).toBe(
    `Recipe: a step of HIDDEN, again as long as it pays (kept in ${row?.kept} of ${row?.tried} public tries, ${row?.repos} repositories).`,
  );
  expect(await told('BLOCK_SIZE = 64')).toBe(
    'Recipe: a step of BLOCK_SIZE, again as long as it pays (Kaplan et al., arXiv 2001.08361).',
  );
});

it('a knob that has come to a customary value is left alone, whoever set it', async () => {
  const source = { 'train.py': 'MOMENTUM = 0.9\nBETA1 = 0.9\nADAM_BETA2 = 0.999\n' };
  expect(await titles(started(), source)).toEqual(['ADAM_BETA2 0.999 -> 0.99']);
});

it('a knob that came with a change of code is tried too', async () => {
  const journal = started();
  expect(await titles(journal)).toHaveLength(7);
  expect(await titles(journal, { 'train.py': `${files['train.py']}GRAD_CLIP = 0.0\n` })).toEqual(['GRAD_CLIP 0 -> 1']);
});

it('what another researcher has tried, or what was refused, is passed over', async () => {
  const findEarlier = async (tried: Readonly<Record<string, string>>) =>
    tried['train.py']?.includes('LR = 0.2') ? 3 : undefined;
  expect(proposalOf(await ask(started(), { findEarlier })).title).toBe('HIDDEN 64 -> 32');
  const refused = { experiment: 1, attempt: 0, researcher: 'recipe', title: 'LR 0.1 -> 0.2', reason: 'a veto' };
  const journal = started().add({ event: 'proposal-refused', ...refused });
  expect(proposalOf(await ask(journal)).title).toBe('HIDDEN 64 -> 32');
});

it('a knob that does not matter where the others stand is left alone', async () => {
  const request = await requestFor(started(), {}, files);
  const where = { knob: 'HIDDEN', file: 'train.py', kind: 'compare', sign: '>', bound: 64 } as const;
  const space = request.space.map((each) => (each.knob.name === 'LR' ? { ...each, when: [where] } : each));
  const reply = await createRecipeResearcher().propose({ ...request, space }, signal);
  expect(proposalOf(reply).title).toBe('HIDDEN 64 -> 32');
});

it('a step at which the script would end is left out', async () => {
  const request = await requestFor(started(), {}, files);
  const holds = { operator: '>=', of: [{ knob: 'HIDDEN', file: 'train.py' }, 64] } as const;
  const constraints = [{ file: 'train.py', line: 9, text: 'assert HIDDEN >= 64', holds, isSure: true }];
  const space = request.space.map((each) => (each.knob.name === 'HIDDEN' ? { ...each, constraints } : each));
  const { source } = request;
  const findEarlier = async (tried: typeof source.files) => (tried['train.py']?.includes('LR = 0.2') ? 3 : undefined);
  const reply = await createRecipeResearcher().propose({ ...request, space, findEarlier }, signal);
  expect(proposalOf(reply).title).toBe('MOMENTUM 0 -> 0.9');
});
