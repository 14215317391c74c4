/** The owner's veto: a keep is taken out, what stood on it is tried again, and a kill at any step changes nothing of that. */

import { describe, expect, it } from 'vitest';
import { keptInOrder, valuesOf } from '../../src/core/journal/history.ts';
import type { Proposal } from '../../src/core/journal/proposal.ts';
import { ledgerLine } from '../../src/core/llm/ledger-line.ts';
import type { InboxMessage } from '../../src/ports/inbox.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type LaidRun,
  type ScriptedLab,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf, historyOf, treesOfRefs } from '../helpers/lab-journal.ts';
import { cutPower, PowerCut } from '../helpers/power-cut.ts';

/** Lower by what each knob is, and by a line that says so. */
function score(run: LaidRun) {
  const source = run.files['train.py'] ?? '';
  const extra = (source.includes('warmup') ? -0.2 : 0) + (source.includes('decay') ? -0.1 : 0);
  return scoringRun(
    'val_bpb',
    (knobOf(run, 'LR') + knobOf(run, 'DEPTH') / 10 + extra + (run.seed % 7) / 1e5).toFixed(6),
  );
}

const code = (find: string, replace: string): Proposal => ({
  title: `${find} becomes ${replace}`,
  hypothesis: 'it may help',
  kind: 'code',
  edits: [{ kind: 'replace', file: 'train.py', find, replace }],
});

interface Night {
  readonly lab: ScriptedLab;
  readonly executed: readonly string[];
  readonly during: Map<string, InboxMessage>;
}

type Ideas = Parameters<typeof createScriptedResearcher>[0];

/** Keeps 1, 2 and 3, a miss, and one more idea. */
const knobs: Ideas = {
  1: turnKnobs({ LR: 0.4 }),
  2: turnKnobs({ DEPTH: 3 }),
  3: turnKnobs({ LR: 0.3 }),
  4: turnKnobs({ LR: 0.9 }),
  6: turnKnobs({ LR: 0.2 }),
};

function createNight(ideas: Ideas, brief: Parameters<typeof createScriptedLab>[0]['brief'] = {}): Night {
  const during = new Map<string, InboxMessage>();
  const executed: string[] = [];
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nDEPTH = 4\nschedule = "flat"\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher(ideas),
    run: (run) => {
      const name = `${run.experiment}/${run.run}`;
      const message = during.get(name);
      if (message && !executed.includes(name)) lab.inbox.leave(message);
      executed.push(name);
      return score(run);
    },
    brief,
  });
  return { lab, executed, during };
}

const lineOf = (lab: ScriptedLab) => keptInOrder(historyOf(lab)).map(({ experiment }) => experiment);
const revert = (experiment: number) => ({ kind: 'revert', experiment }) as const;
const tipOf = (lab: ScriptedLab) => lab.workspace.refs.get(`refs/autoresearch/${lab.tag}/tip`);

function essenceOf(lab: ScriptedLab) {
  const history = historyOf(lab);
  return {
    experiments: history.experiments.map((record) => ({
      proposal: record.proposal,
      parent: record.parent,
      reapplies: record.reapplies,
      verdict: record.verdict,
      values: valuesOf(record),
      isOut: record.withdrawn?.with,
    })),
    refusals: history.refusals,
    line: lineOf(lab),
    stopped: history.stopped,
    refs: treesOfRefs(lab),
  };
}

describe('a keep that the owner takes out', () => {
  it('leaves the line, the branch goes back, and later keeps are tried again without it', async () => {
    const { lab, during } = createNight(knobs);
    during.set('4/1', revert(2));
    await conductStudy(lab);
    const history = historyOf(lab);
    expect(entriesOf(lab, 'keep-withdrawn')).toMatchObject([{ experiment: 2 }]);
    const again = history.experiments.find(({ reapplies }) => reapplies === 3);
    expect(again).toMatchObject({ parent: 1, verdict: { decision: 'keep' } });
    expect(lineOf(lab).slice(0, 3)).toEqual([0, 1, again?.experiment]);
    expect(tipOf(lab)).toBe(history.tip);
    expect((await lab.workspace.read(history.tip))['train.py']).toContain('DEPTH = 4');
    expect(history.experiments[2]).toMatchObject({ verdict: { decision: 'revert', reason: 'the owner took it out' } });
  });

  it('is told to a model, with where the later ones are tried again', async () => {
    const { lab, during } = createNight(knobs);
    during.set('4/1', revert(2));
    await conductStudy(lab);
    const history = historyOf(lab);
    const [, , second, third] = history.experiments;
    if (!second || !third) throw new Error('there are four experiments');
    expect(ledgerLine(history, second)).toContain(
      '#2 reverted (kept, then taken out by the owner, who does not want it)',
    );
    expect(ledgerLine(history, third)).toMatch(/#3 reverted \(kept, then taken out with #2.*tried again.* as #\d+\)/);
  });

  it('names a later keep as in conflict where its edits do not go together with what is left', async () => {
    const { lab, during } = createNight({
      1: turnKnobs({ LR: 0.4 }),
      2: code('schedule = "flat"', 'schedule = "warmup"'),
      3: code('schedule = "warmup"', 'schedule = "warmup and decay"'),
      4: turnKnobs({ LR: 0.9 }),
    });
    during.set('4/1', revert(2));
    await conductStudy(lab);
    const refusal = historyOf(lab).refusals.find(({ reapplies }) => reapplies === 3);
    expect(refusal?.reason).toMatch(/^the edits of experiment 3 on experiment 1: /);
    expect(lineOf(lab).slice(0, 2)).toEqual([0, 1]);
  });

  it('may be the first, and then the baseline is the best again', async () => {
    const { lab, during } = createNight({ 1: turnKnobs({ LR: 0.4 }), 2: turnKnobs({ DEPTH: 9 }) });
    during.set('2/1', revert(1));
    await conductStudy(lab);
    expect(lineOf(lab)).toEqual([0]);
    expect(tipOf(lab)).toBe(historyOf(lab).start);
  });

  it('is taken out of a study that has ended when that goes on, which tries the later ones whatever its rules say', async () => {
    const { lab } = createNight(knobs, { stop: { experiments: 3 } });
    await conductStudy(lab);
    expect(lineOf(lab)).toEqual([0, 1, 2, 3]);
    const later = lab.reopen();
    later.inbox.leave(revert(2));
    await conductStudy(later);
    const again = historyOf(later).experiments.find(({ reapplies }) => reapplies === 3);
    expect(lineOf(later)).toEqual([0, 1, again?.experiment]);
    expect(historyOf(later).stopped?.reason).toBe('experiments');
  });

  it.each([
    [0, /baseline .* cannot be taken out/],
    [4, /has no experiment 4|is not kept/],
    [9, /has no experiment 9/],
  ])('cannot be experiment %i, which is told and changes nothing', async (experiment, says) => {
    const { lab, during } = createNight(knobs);
    during.set('4/1', revert(experiment));
    await conductStudy(lab);
    const warnings = lab.events.flatMap((event) => (event.event === 'warning-raised' ? [event.message] : []));
    expect(warnings).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
    expect(lineOf(lab).slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  it('on slots, what runs or waits on it is tried on what is left', async () => {
    const { lab, during } = createNight(
      { 1: turnKnobs({ LR: 0.4 }), 2: turnKnobs({ DEPTH: 3 }), 3: turnKnobs({ LR: 0.2 }), 4: turnKnobs({ LR: 0.1 }) },
      { slots: 2 },
    );
    during.set('3/1', revert(1));
    await conductStudy(lab);
    const history = historyOf(lab);
    expect(entriesOf(lab, 'keep-withdrawn')).toHaveLength(1);
    expect(history.unsettled).toEqual([]);
    expect(history.overtaken).toEqual([]);
    for (const record of keptInOrder(history).slice(1))
      expect(keptInOrder(history).map(({ experiment }) => experiment)).toContain(record.parent);
    expect(tipOf(lab)).toBe(history.tip);
  });
});

describe('a study from which a keep is taken out', () => {
  it.each([
    ['greedy', 'before'],
    ['value', 'after'],
  ] as const)(
    'under the policy %s ends the same when the power goes out just %s any one effect',
    async (policy, when) => {
      const create = () => {
        const night = createNight(knobs, { policy });
        night.during.set('4/1', revert(2));
        return night;
      };
      const counted = create();
      const whole = cutPower(counted.lab);
      await conductStudy(whole.lab);
      const undisturbed = essenceOf(counted.lab);
      const first = whole.calls.findIndex((_, index) => index > whole.calls.length / 2);
      const cut = async (_: string, index: number) => {
        const at = first + index;
        const { lab, executed } = create();
        await expect(conductStudy(cutPower(lab, at, when).lab)).rejects.toThrow(PowerCut);
        // What was left in the inbox waits there for the next session, as files do.
        const later = { ...lab.reopen(), inbox: lab.inbox };
        await conductStudy(later);
        const place = `${when} call ${at}, ${whole.calls[at]}`;
        expect(essenceOf(later), place).toEqual(undisturbed);
        expect(executed, place).toEqual(counted.executed);
      };
      await Promise.all(whole.calls.slice(first).map(cut));
    },
  );
});
