import { expect, it } from 'vitest';
import { createGridResearcher } from '../../../src/adapters/researchers/grid-researcher.ts';
import type { Space } from '../../../src/core/space/knob.ts';
import { describeResearcherContract, proposalOf, requestFor } from '../../contracts/researcher-contract.ts';
import { createJournal, type Journal, scored } from '../../helpers/journal.ts';
import { beginSlots } from '../../helpers/slots-study.ts';

describeResearcherContract(createGridResearcher);

const { signal } = new AbortController();

function space(...levels: readonly (readonly number[])[]): Space {
  return levels.map((values, index) => ({
    knob: { name: `K${index}`, file: 'train.py', type: 'int', value: values[0] ?? 0, text: '', span: [0, 0] },
    range: { kind: 'choice', values },
  }));
}

/** Asks until the grid is used up; refusals and experiments count as tried alike. */
async function points(of: Space, maxPoints = 1000): Promise<{ found: string[]; last: unknown }> {
  const journal: Journal = createJournal().baseline(scored(2));
  const found: string[] = [];
  for (;;) {
    const reply = await createGridResearcher().propose(await requestFor(journal, { space: of }), signal);
    if (reply.kind !== 'proposal' || found.length >= maxPoints) return { found, last: reply };
    const settings = new Map(
      reply.proposal.edits.map((edit) => (edit.kind === 'set-knob' ? [edit.knob, edit.to] : [])) as [string, number][],
    );
    found.push(of.map(({ knob }) => settings.get(knob.name) ?? knob.value).join(' '));
    const { experiments, refusedInARow } = journal.history();
    const common = { experiment: experiments.length, attempt: refusedInARow, researcher: 'grid' };
    if (found.length % 3 === 0) journal.add({ event: 'proposal-refused', ...common, title: '', reason: '' });
    else journal.add({ event: 'proposal-made', ...common, parent: 0, proposal: reply.proposal });
  }
}

it.each([
  [
    [
      [1, 2],
      [1, 2, 3],
    ],
    6,
  ],
  [[[1], [2]], 1],
  [
    [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
      [1, 2],
    ],
    50,
  ],
  [[[1, 2, 3, 4, 5, 6, 7]], 7],
])('every point of %j is visited once, and then the grid stays exhausted', async (levels, total) => {
  const { found, last } = await points(space(...levels));
  expect(found).toHaveLength(total);
  expect(new Set(found).size).toBe(total);
  expect(last).toEqual({ kind: 'exhausted', reason: `all ${total} points of the grid are tried` });
});

it('the first points lie all over the grid', async () => {
  const five = [1, 2, 3, 4, 5];
  const { found } = await points(space(five, five, five, five), 15);
  for (const axis of [0, 1]) {
    const values = new Set(found.map((point) => point.split(' ')[axis]));
    expect(values.size).toBe(5);
  }
});

it('a grid of more points than a double can count has no trouble', async () => {
  const five = [1, 2, 3, 4, 5];
  const { found } = await points(space(...Array.from({ length: 40 }, () => five)), 10);
  expect(new Set(found).size).toBe(10);
});

it('what another researcher tried does not count', async () => {
  const journal = createJournal().baseline(scored(2)).experiment(scored(3), 'revert');
  const untouched = createJournal().baseline(scored(2));
  const ask = async (of: Journal) =>
    proposalOf(await createGridResearcher().propose(await requestFor(of, { space: space([1, 2], [1, 2]) }), signal));
  expect(await ask(journal)).toEqual(await ask(untouched));
});

it('only what differs from the incumbent is set', async () => {
  const journal = createJournal().baseline(scored(2));
  for (let index = 0; index < 3; index++) {
    const request = await requestFor(journal, { space: space([1, 2], [5, 6]) });
    const proposal = proposalOf(await createGridResearcher().propose(request, signal));
    for (const edit of proposal.edits) if (proposal.edits.length > 1) expect(edit).not.toMatchObject({ to: 1 });
    journal.add({ event: 'proposal-made', experiment: index + 1, attempt: 0, parent: 0, researcher: 'grid', proposal });
  }
});

it('points in flight count as walked, and edits that are tried again on a new incumbent are no further point', async () => {
  const study = beginSlots();
  const of = space([1, 2, 3, 4, 5]);
  const ask = async () => {
    const request = await requestFor(study.journal, { space: of });
    return proposalOf(await createGridResearcher().propose(request, signal));
  };
  const first = await ask();
  study.propose(1, first, { researcher: 'grid' });
  study.start(1, 0);
  const second = await ask();
  expect(second.title).not.toBe(first.title);
  study.propose(2, first, { researcher: 'grid', reapplies: 1 });
  expect(await ask()).toEqual(second);
});
