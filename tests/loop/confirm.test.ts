import { describe, expect, it } from 'vitest';
import { foldWhole } from '../../src/core/journal/fold.ts';
import type { WholeHistory } from '../../src/core/journal/held-out.ts';
import { confirmationText } from '../../src/core/views/confirmation-text.ts';
import { heldOutFacts } from '../../src/core/views/held-out-facts.ts';
import { noAttachments } from '../../src/core/views/report/attachments.ts';
import { reportOf } from '../../src/core/views/report/report.ts';
import { statusOfStudy } from '../../src/core/views/status.ts';
import type { ProposalRequest } from '../../src/ports/researcher.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type LaidRun,
  type ScriptedLab,
  type ScriptedLabOptions,
  turnKnobs,
} from '../../src/testing/index.ts';
import { reportPage } from '../../src/web/html/page.ts';
import { reportMarkdown } from '../../src/web/markdown/report-markdown.ts';
import { conductConfirmation, gradeByRate, gradedRun } from '../helpers/conduct-confirmation.ts';
import { conductStudy, failingRun, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/lab-journal.ts';
import { withSlots } from '../helpers/ordered-engine.ts';
import { cutPower, PowerCut } from '../helpers/power-cut.ts';

const reportText = (whole: WholeHistory) =>
  reportMarkdown(reportOf(whole, { attachments: noAttachments, isLive: false }));

const score = ['python', 'score.py'];
const script = {
  1: turnKnobs({ LR: 0.4 }),
  2: turnKnobs({ DEPTH: 6 }),
  3: turnKnobs({ LR: 0.6 }),
  4: turnKnobs({ LR: 0.3 }),
};

function isDeep({ files }: LaidRun): boolean {
  return files['train.py']?.includes('DEPTH = 6') ?? false;
}

/** Depth gains 0.05, on either split. */
function grade(run: LaidRun) {
  return gradeByRate(isDeep(run) ? lowered(run) : run);
}

function lowered(run: LaidRun): LaidRun {
  const train = run.files['train.py'] ?? '';
  const rate = Number(/^LR = (.*)$/m.exec(train)?.[1]);
  return { ...run, files: { 'train.py': train.replace(/^LR = .*$/m, `LR = ${rate - 0.05}`) } };
}

/** Two steps that are kept. */
const short = { researcher: createScriptedResearcher({ 1: turnKnobs({ LR: 0.4 }), 2: turnKnobs({ DEPTH: 6 }) }) };

async function studied(more: Partial<ScriptedLabOptions> = {}): Promise<ScriptedLab> {
  const lab = createScriptedLab({
    folder: fastFolder(),
    files: { 'train.py': 'LR = 0.5\nDEPTH = 4\nNOCTURNE_SEED\n' },
    researcher: createScriptedResearcher(script),
    run: grade,
    brief: { score },
    ...more,
  });
  await conductStudy(lab);
  return lab;
}

function wholeOf(lab: ScriptedLab): WholeHistory {
  const whole = foldWhole(lab.archive.journal);
  if (!whole) throw new Error('the study has begun');
  return whole;
}

const gainOf = (lab: ScriptedLab, confirmation = 1) => wholeOf(lab).heldOut.confirmations[confirmation - 1]?.gain;
const seedsOf = (lab: ScriptedLab) =>
  wholeOf(lab).heldOut.confirmations.map(({ contenders }) =>
    contenders.flatMap(({ runs }) => runs.map(({ seed }) => seed)),
  );

describe('a study that ends by its own rule', () => {
  it('has its kept weights graded on the holdout, once each', async () => {
    const lab = await studied();
    const { heldOut } = wholeOf(lab);
    const graded = [...heldOut.scores].map(([experiment, runs]) => [experiment, [...runs.keys()]]);
    expect(graded).toEqual([
      [0, [1, 2, 3]],
      [1, [1]],
      [2, [1]],
      [4, [1]],
    ]);
    expect(heldOut.gauge?.rows.map(({ experiment, isParted }) => [experiment, isParted])).toEqual([
      [1, false],
      [2, false],
      [4, false],
    ]);
    expect(heldOut.gauge?.rows.at(-1)?.holdoutGain).toBeCloseTo(0.25, 1);
    const events = lab.archive.journal.map(({ event }) => event);
    expect(events.slice(-2)).toEqual(['gauge-read', 'study-stopped']);
    await conductStudy(lab.reopen());
    expect(lab.archive.journal.filter(({ event }) => event === 'holdout-scored')).toHaveLength(6);
  });

  it('is warned of a gain that the holdout does not see', async () => {
    const lab = await studied({
      run: (run) => (run.split === 'holdout' ? gradedRun(run, `${8 + run.seed / 1e12}`) : grade(run)),
    });
    expect(wholeOf(lab).heldOut.gauge?.warning).toMatch(/^Overfitting: experiment 4 gains 0\.2\d+ on validation and/);
    expect(lab.events).toContainEqual({ event: 'warning-raised', message: expect.stringMatching(/^Overfitting/) });
    const status = statusOfStudy(wholeOf(lab), lab.now(), false);
    expect(status.gauge?.warning).toMatch(/^Overfitting/);
    const report = reportText(wholeOf(lab));
    expect(report.split('\n\n')[1]).toMatch(/^\*\*Overfitting: experiment 4 gains .* confirm --ablate/);
    const page = reportPage(reportOf(wholeOf(lab), { attachments: noAttachments, isLive: false }));
    expect(page.slice(0, page.indexOf('</header>'))).toContain('Overfitting: experiment 4 gains');
  });

  it('is told that a scorer ignores the split', async () => {
    const lab = await studied({ run: (run) => grade({ ...run, split: 'validation' }) });
    await conductConfirmation(lab.reopen(), { runs: 2 });
    expect(wholeOf(lab).heldOut.confirmations[0]).toMatchObject({
      split: 'validation',
      reason: 'the scorer ignores NOCTURNE_SPLIT, so there is no holdout',
    });
  });
});

describe('a researcher', () => {
  it('of a study that goes on after its confirmation finds nothing of the holdout in what it is given', async () => {
    const first = await studied({ brief: { score, stop: { experiments: 4 } } });
    await conductConfirmation(first.reopen(), { runs: 2 });
    const requests: ProposalRequest[] = [];
    const researcher = {
      name: 'curious',
      propose: async (request: ProposalRequest) => {
        requests.push(request);
        return { kind: 'exhausted' as const, reason: 'it only looks' };
      },
    };
    await conductStudy({ ...first.reopen({ stop: { experiments: 9 } }), researcher });
    const [request] = requests;
    expect(request?.history.experiments).toHaveLength(5);
    const seen = JSON.stringify({ ...request?.history }) + JSON.stringify(request?.history);
    expect(seen).not.toMatch(/heldOut|holdout|\b[78]\.\d/);
    expect(request?.history).not.toHaveProperty('heldOut');
  });
});

describe('a confirmation', () => {
  it('finds the gain on the holdout and what each step gains', async () => {
    const lab = await studied();
    expect(await conductConfirmation(lab.reopen(), { runs: 6, isAblated: true })).toBe('done');
    const gain = gainOf(lab);
    expect(gain?.baseline.mean).toBeCloseTo(7.5, 1);
    expect(gain?.comparison).toMatchObject({ better: 6, pairs: 6, signFlipP: 2 / 64 });
    expect(gain?.comparison?.gain).toBeCloseTo(0.25, 1);
    expect(gain?.steps.map(({ experiment }) => experiment)).toEqual([2, 4]);
    const gains = gain?.steps.map(({ comparison }) => comparison?.gain);
    expect(gains?.[0]).toBeCloseTo(0.05, 1);
    expect(gains?.[1]).toBeCloseTo(0.1, 1);
    expect(wholeOf(lab).heldOut.confirmations[0]?.inseparable).toEqual([
      { experiment: 1, reason: 'cannot be left out: later steps changed the same lines of train.py' },
    ]);
    const text = confirmationText(wholeOf(lab), 1);
    expect(text).toContain('on the holdout, which no decision has seen');
    const facts = [2, 4].map((experiment) => heldOutFacts(wholeOf(lab), experiment).join('\n'));
    expect(facts[0]).toMatch(
      /^holdout {5}over the baseline 0\.1\d+, on validation 0\.1\d+\nstep {8}in experiment 4, on holdout: Gain/,
    );
    expect(facts[1]).toMatch(/^holdout .*\nconfirmed {3}on holdout: Gain 0\.2.*\nstep .*Gain 0\.1/);
    expect(heldOutFacts(wholeOf(lab), 3)).toEqual([]);
    expect(text).toMatch(/2\. DEPTH -> 6: gain 0\.0\d+ \(95 % interval/);
  });

  it('heads the report and stands in the status', async () => {
    const lab = await studied();
    const before = statusOfStudy(wholeOf(lab), lab.now(), false);
    await conductConfirmation(lab.reopen());
    const { confirmed, ...after } = statusOfStudy(wholeOf(lab), lab.now(), false);
    expect(before).toEqual({ ...after, confirmed: null });
    expect(confirmed).toMatchObject({ confirmation: 1, experiment: 4, isCurrent: true, split: 'holdout', runs: 5 });
    const report = reportText(wholeOf(lab));
    expect(report.indexOf('**Confirmed.** Experiment 4')).toBeLessThan(report.indexOf('**val_bpb'));
    expect(report).not.toContain('expect a fresh seed to be a little worse');
  });

  it('of a study without a scorer says that it is not on a holdout', async () => {
    const lab = await studied({ run: scoreByRate, brief: {} });
    await conductConfirmation(lab.reopen(), { runs: 2 });
    expect(confirmationText(wholeOf(lab), 1)).toContain(
      'on validation: the brief has no scorer, so there is no holdout.',
    );
  });

  it('whose final fails says so and gives no gain', async () => {
    const lab = await studied({
      run: (run) => (run.confirmation?.contender === 'final' ? failingRun(1, 'ValueError: no\n') : grade(run)),
    });
    expect(await conductConfirmation(lab.reopen(), { runs: 2 })).toBe('done');
    expect(gainOf(lab)).toMatchObject({ final: { n: 0, failed: 2 } });
    expect(confirmationText(wholeOf(lab), 1)).toContain('no score (2 of 2 runs failed)');
    expect(confirmationText(wholeOf(lab), 1)).toContain('Nothing can be said');
  });

  it('made again uses other seeds', async () => {
    const lab = await studied();
    await conductConfirmation(lab.reopen());
    await conductConfirmation(lab.reopen());
    const [first = [], second = []] = seedsOf(lab);
    expect(new Set([...first, ...second]).size).toBe(20);
    expect(reportText(wholeOf(lab))).toContain('confirmation 1, experiment 4');
  });

  it('that is stopped goes on where it was', async () => {
    const lab = await studied();
    const stopping = lab.reopen();
    const controller = new AbortController();
    const emit: ScriptedLab['emit'] = (event) => {
      stopping.emit(event);
      if (event.event === 'confirmation-run-started' && event.contender === 'final') controller.abort();
    };
    expect(await conductConfirmation({ ...stopping, emit }, { runs: 3 }, controller.signal)).toBe('stopped');
    const half = seedsOf(lab)[0] ?? [];
    expect(half).toHaveLength(2);
    expect(await conductConfirmation(lab.reopen())).toBe('done');
    expect(seedsOf(lab)).toHaveLength(1);
    expect(gainOf(lab)).toMatchObject({ baseline: { n: 3 }, final: { n: 3 } });
  });

  it('at a longer budget runs pairs of one seed with that budget, and goes on where it was stopped', async () => {
    const budgets = new Set<number | undefined>();
    const run = (laid: LaidRun) => {
      if (laid.confirmation) budgets.add(laid.budgetSeconds);
      return grade(laid);
    };
    const lab = await studied({ run });
    await conductConfirmation(lab.reopen(), { runs: 4 });
    expect([...budgets]).toEqual([undefined]);
    const request = { runs: 2, budgetSeconds: 30 };
    const stopping = lab.reopen();
    const controller = new AbortController();
    const emit: ScriptedLab['emit'] = (event) => {
      if (event.event === 'confirmation-run-started' && event.contender === 'final') controller.abort();
    };
    expect(await conductConfirmation({ ...stopping, emit }, request, controller.signal)).toBe('stopped');
    budgets.clear();
    expect(await conductConfirmation(lab.reopen(), request)).toBe('done');
    expect([...budgets]).toEqual([30]);
    const [ordinary, longer] = wholeOf(lab).heldOut.confirmations;
    expect(ordinary?.carryOver).toBeUndefined();
    // Every scripted run takes a second, whatever its budget.
    expect(longer?.carryOver).toMatchObject({
      verdict: 'cannot tell',
      reason: expect.stringContaining('does not follow its budget'),
      against: 1,
    });
    const seeds = longer?.contenders.map(({ runs }) => runs.map(({ seed }) => seed)) ?? [];
    expect(seeds[0]).toHaveLength(2);
    expect(seeds[1]).toEqual(seeds[0]);
    expect(statusOfStudy(wholeOf(lab), lab.now(), false).confirmed).toMatchObject({
      confirmation: 1,
      confirmations: 1,
    });
  });

  it('never moves a ref of the study or changes a verdict', async () => {
    const lab = await studied();
    const refs = new Map(lab.workspace.refs);
    const { lastSeq: _, ...before } = structuredClone(wholeOf(lab).history);
    await conductConfirmation(lab.reopen(), { runs: 2, isAblated: true });
    for (const [name, commit] of refs) expect(lab.workspace.refs.get(name)).toBe(commit);
    const { lastSeq: __, ...after } = wholeOf(lab).history;
    expect(after).toEqual(before);
  });

  it.each(['before', 'after'] as const)(
    'ends the same when the power goes out just %s any one effect',
    async (when) => {
      const request = { runs: 2, isAblated: true };
      const undisturbed = await studied(short);
      const counted = cutPower(undisturbed.reopen());
      await conductConfirmation(counted.lab, request);
      expect(new Set(counted.calls)).toEqual(
        new Set([
          'archive.append',
          'workspace.commitContender',
          'runFolders.lay',
          'runFolders.discardConfirmation',
          'engine.submit',
          'engine.collect',
        ]),
      );
      for (const at of counted.calls.keys()) {
        const lab = await studied(short);
        await expect(conductConfirmation(cutPower(lab.reopen(), at, when).lab, request)).rejects.toThrow(PowerCut);
        const { confirmations } = wholeOf(lab).heldOut;
        if (confirmations[0]?.gain === undefined) await conductConfirmation(lab.reopen(), request);
        const place = `${when} call ${at}, ${counted.calls[at]}`;
        expect(gainOf(lab), place).toEqual(gainOf(undisturbed));
        expect(seedsOf(lab), place).toEqual(seedsOf(undisturbed));
      }
    },
  );

  it.each([
    [2, ['final', 'baseline']],
    [4, ['without-2', 'without-1', 'final', 'baseline']],
  ])('on %i slots has that many runs in flight, and finds what it finds on one', async (slots, first) => {
    const request = { runs: 5, isAblated: true };
    const undisturbed = await studied(short);
    await conductConfirmation(undisturbed.reopen(), request);
    const order = first.map((contender) => `confirm-1/${contender}/run-1`);
    const lab = withSlots((await studied(short)).reopen(), slots, order);
    expect(await conductConfirmation(lab, request)).toBe('done');
    expect(lab.most()).toBe(slots);
    expect(gainOf(lab)).toEqual(gainOf(undisturbed));
    expect(seedsOf(lab)).toEqual(seedsOf(undisturbed));
    const started = entriesOf(lab, 'confirmation-run-started').map(({ slot }) => slot);
    expect(new Set(started)).toEqual(new Set(Array.from({ length: slots }, (_, slot) => slot)));
    const ended = entriesOf(lab, 'confirmation-run-ended').filter(({ run }) => run === 1);
    expect(ended.map(({ contender }) => contender).filter((contender) => first.includes(contender))).toEqual(first);
  });

  it('that is stopped at once ends all runs in flight, and the next session makes them again with their seeds', async () => {
    const lab = await studied({
      ...short,
      run: (run) => (run.confirmation && isHanging ? { log: {}, end: undefined } : grade(run)),
    });
    let isHanging = true;
    const slotted = withSlots(lab.reopen(), 3);
    const controller = new AbortController();
    const emit: ScriptedLab['emit'] = (event) => {
      slotted.emit(event);
      if (event.event === 'confirmation-run-started' && event.slot === 2) controller.abort();
    };
    expect(await conductConfirmation({ ...slotted, emit }, { runs: 2 }, controller.signal)).toBe('stopped');
    const outcomes = entriesOf(lab, 'confirmation-run-ended').map(({ result }) => result.outcome);
    expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled']);
    isHanging = false;
    expect(await conductConfirmation(withSlots(lab.reopen(), 3))).toBe('done');
    expect(gainOf(lab)).toMatchObject({ baseline: { n: 2 }, final: { n: 2 } });
    const seeds = entriesOf(lab, 'confirmation-run-started').map(({ seed }) => seed);
    expect([seeds.length, new Set(seeds).size]).toEqual([4 + 3, 4]);
  });

  it('that is to stop after the runs in flight lets them end and begins no other', async () => {
    const lab = await studied(short);
    const slotted = withSlots(lab.reopen(), 2);
    const emit: ScriptedLab['emit'] = (event) => {
      slotted.emit(event);
      if (event.event === 'confirmation-run-started' && event.slot === 1)
        slotted.inbox.leave({ kind: 'stop', isNow: false });
    };
    expect(await conductConfirmation({ ...slotted, emit }, { runs: 3 })).toBe('stopped');
    expect(entriesOf(lab, 'confirmation-run-ended').map(({ result }) => result.outcome)).toEqual([
      'finished',
      'finished',
    ]);
  });

  it.each(['before', 'after'] as const)(
    'on three slots makes no run twice when the power goes out just %s any one effect',
    async (when) => {
      const request = { runs: 2 };
      const undisturbed = await studied(short);
      const counted = cutPower(withSlots(undisturbed.reopen(), 3));
      await conductConfirmation(counted.lab, request);
      for (const at of counted.calls.keys()) {
        const lab = await studied(short);
        const cut = cutPower(withSlots(lab.reopen(), 3), at, when);
        await expect(conductConfirmation(cut.lab, request)).rejects.toThrow(PowerCut);
        if (wholeOf(lab).heldOut.confirmations[0]?.gain === undefined)
          await conductConfirmation(withSlots(lab.reopen(), 3), request);
        const place = `${when} call ${at}, ${counted.calls[at]}`;
        expect(gainOf(lab), place).toEqual(gainOf(undisturbed));
        expect(seedsOf(lab), place).toEqual(seedsOf(undisturbed));
        expect(entriesOf(lab, 'confirmation-run-ended'), place).toHaveLength(4);
      }
    },
  );

  it('grades what a study that was cut off could not grade any more', async () => {
    const undisturbed = await studied();
    const cut = createScriptedLab({
      folder: fastFolder(),
      files: { 'train.py': 'LR = 0.5\nDEPTH = 4\nNOCTURNE_SEED\n' },
      researcher: createScriptedResearcher(script),
      run: grade,
      brief: { score },
    });
    const lay = cut.runFolders.layHoldout;
    const runFolders = {
      ...cut.runFolders,
      layHoldout: async (...args: Parameters<typeof lay>) => {
        if (args[0].experiment === 1) throw new PowerCut();
        return lay(...args);
      },
    };
    await expect(conductStudy({ ...cut, runFolders })).rejects.toThrow(PowerCut);
    expect(wholeOf(cut).heldOut.gauge).toBeUndefined();
    await conductConfirmation(cut.reopen(), { runs: 2 });
    expect(wholeOf(cut).heldOut.gauge).toEqual(wholeOf(undisturbed).heldOut.gauge);
  });
});
