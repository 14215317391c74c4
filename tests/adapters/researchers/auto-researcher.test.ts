import { describe, expect, it } from 'vitest';
import { type Arm, createAutoResearcher } from '../../../src/adapters/researchers/auto-researcher.ts';
import { createGridResearcher } from '../../../src/adapters/researchers/grid-researcher.ts';
import { createRandomResearcher } from '../../../src/adapters/researchers/random-researcher.ts';
import { isSmallGrid } from '../../../src/core/space/search/search-values.ts';
import type { ModelFault } from '../../../src/ports/model.ts';
import type { ProposalReply, ProposalRequest, Researcher, ResearcherNews } from '../../../src/ports/researcher.ts';
import { turnKnobs } from '../../../src/testing/index.ts';
import { describeResearcherContract, requestFor } from '../../contracts/researcher-contract.ts';

const seconds = () => 0;
const { signal } = new AbortController();
const random: Arm = { name: 'random', researcher: createRandomResearcher() };

/** A researcher that always gives this reply, and records its requests. */
function saying(name: string, reply: ProposalReply): Researcher & { readonly asked: ProposalRequest[] } {
  const asked: ProposalRequest[] = [];
  return {
    name,
    asked,
    propose: async (request) => {
      asked.push(request);
      return reply;
    },
  };
}

const fault: ModelFault = { kind: 'fault', action: 'wait', code: 'overloaded', message: 'Too many requests.' };
const away: ProposalReply = { kind: 'away', model: 'openai:gpt-6-sol', fault };
const bundle: ProposalReply = { kind: 'proposal', proposal: turnKnobs({ LAYERS: 3 }) };

describeResearcherContract(() =>
  createAutoResearcher({
    seconds,
    arms: [{ name: 'grid', researcher: createGridResearcher(), suits: ({ space }) => isSmallGrid(space) }, random],
  }),
);

describe('the arm that is chosen proposes', () => {
  it('under its own name, with the reason', async () => {
    const llm = saying('llm', bundle);
    const auto = createAutoResearcher({ seconds, arms: [random, { name: 'llm-knobs', researcher: llm }] });
    expect(await auto.propose(await requestFor(), signal)).toMatchObject({
      ...bundle,
      by: { researcher: 'llm', arm: 'llm-knobs', why: expect.stringContaining('open a study'), thoughtSeconds: 0 },
    });
    expect(llm.asked.map((request) => request.wantedKind)).toEqual(['knobs']);
  });

  it('and a proposal counts for what it is, whichever kind was asked for', async () => {
    const code: ProposalReply = { kind: 'proposal', proposal: { ...turnKnobs({ LAYERS: 3 }), kind: 'code' } };
    const auto = createAutoResearcher({ seconds, arms: [{ name: 'llm-knobs', researcher: saying('llm', code) }] });
    expect(await auto.propose(await requestFor(), signal)).toMatchObject({ by: { arm: 'llm-code' } });
  });

  it('and an idea that came to nothing is its own', async () => {
    const failed: ProposalReply = { kind: 'failed', reason: 'given up' };
    const auto = createAutoResearcher({
      seconds,
      arms: [random, { name: 'llm-knobs', researcher: saying('llm', failed) }],
    });
    expect(await auto.propose(await requestFor(), signal)).toMatchObject({ ...failed, by: { arm: 'llm-knobs' } });
  });
});

describe('an arm that cannot propose is passed over', () => {
  it('when its model is away, which is journalled once, and neither of its arms is asked again', async () => {
    const llm = saying('llm', away);
    const news: ResearcherNews[] = [];
    const arms: Arm[] = [random, { name: 'llm-knobs', researcher: llm }, { name: 'llm-code', researcher: llm }];
    const record = async (each: ResearcherNews) => void news.push(each);
    const reply = await createAutoResearcher({ seconds, arms }).propose(
      await requestFor(undefined, { record }),
      signal,
    );
    expect(reply).toMatchObject({
      kind: 'proposal',
      by: { arm: 'random', why: 'llm-knobs passed over: its model is away (overloaded)' },
    });
    expect(llm.asked).toHaveLength(1);
    expect(news).toMatchObject([{ event: 'model-away', code: 'overloaded', experiment: 1 }]);
  });

  it('when it is exhausted', async () => {
    const done: ProposalReply = { kind: 'exhausted', reason: 'the script ends here' };
    const arms: Arm[] = [random, { name: 'llm-knobs', researcher: saying('llm', done) }];
    expect(await createAutoResearcher({ seconds, arms }).propose(await requestFor(), signal)).toMatchObject({
      by: { arm: 'random', why: 'llm-knobs passed over: the script ends here' },
    });
  });

  it("but its model's stand-in is asked first", async () => {
    const standIn = saying('llm', bundle);
    const arms: Arm[] = [random, { name: 'llm-knobs', researcher: saying('llm', away), standIn }];
    expect(await createAutoResearcher({ seconds, arms }).propose(await requestFor(), signal)).toMatchObject({
      by: { researcher: 'llm', arm: 'llm-knobs' },
    });
  });

  it('and a search that stands in counts for itself', async () => {
    const arms: Arm[] = [{ name: 'llm-knobs', researcher: saying('llm', away), standIn: random.researcher }];
    expect(await createAutoResearcher({ seconds, arms }).propose(await requestFor(), signal)).toMatchObject({
      by: { researcher: 'random', arm: 'random' },
    });
  });

  it('when every arm is, a model that is away is waited for', async () => {
    const done = saying('grid', { kind: 'exhausted', reason: 'all 4 points of the grid are tried' });
    const arms: Arm[] = [
      { name: 'grid', researcher: done },
      { name: 'llm-code', researcher: saying('llm', away) },
    ];
    expect(await createAutoResearcher({ seconds, arms }).propose(await requestFor(), signal)).toEqual(away);
    expect(await createAutoResearcher({ seconds, arms: arms.slice(0, 1) }).propose(await requestFor(), signal)).toEqual(
      {
        kind: 'exhausted',
        reason: 'all 4 points of the grid are tried',
      },
    );
  });

  it('but a ceiling ends the night', async () => {
    const ceiling: ProposalReply = { kind: 'ceiling', reason: 'usd', detail: 'no money' };
    const arms: Arm[] = [random, { name: 'llm-knobs', researcher: saying('llm', ceiling) }];
    expect(await createAutoResearcher({ seconds, arms }).propose(await requestFor(), signal)).toEqual(ceiling);
  });

  it("and the owner's stop asks nobody else", async () => {
    const stop = new AbortController();
    const llm: Researcher = {
      name: 'llm',
      propose: async () => {
        stop.abort();
        return { ...away, fault: { ...fault, code: 'aborted' } };
      },
    };
    const arms: Arm[] = [random, { name: 'llm-knobs', researcher: llm }];
    const reply = await createAutoResearcher({ seconds, arms }).propose(await requestFor(), stop.signal);
    expect(reply).toMatchObject({ kind: 'away', fault: { code: 'aborted' } });
  });
});

it("a proposal that the owner's stop overtakes still counts for its arm", async () => {
  const stop = new AbortController();
  const late: Researcher = {
    ...random.researcher,
    propose: async (request) => {
      stop.abort();
      return random.researcher.propose(request, signal);
    },
  };
  const auto = createAutoResearcher({ seconds, arms: [{ name: 'random', researcher: late }] });
  expect(await auto.propose(await requestFor(), stop.signal)).toMatchObject({ by: { arm: 'random' } });
});

it('a grid takes part only where its space is small and discrete', async () => {
  const grid: Arm = { name: 'grid', researcher: createGridResearcher(), suits: ({ space }) => isSmallGrid(space) };
  const auto = createAutoResearcher({ seconds, arms: [grid] });
  expect(await auto.propose(await requestFor(), signal)).toMatchObject({ kind: 'exhausted' });
  const small = await requestFor(undefined, {}, { 'train.py': 'LAYERS = 2\n' });
  expect(await auto.propose(small, signal)).toMatchObject({ kind: 'proposal', by: { arm: 'grid' } });
});
