import { describe, expect, it } from 'vitest';
import { fits } from '../../src/core/journal/fits.ts';
import { createFold } from '../../src/core/journal/fold.ts';
import type { Proposal } from '../../src/core/journal/proposal.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import {
  createScriptedResearcher,
  type LaidRun,
  type Script,
  type ScriptedLab,
  scoringRun,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy, knobOf } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { entriesOf } from '../helpers/lab-journal.ts';
import { createSlottedLab, type SlottedLab } from '../helpers/ordered-engine.ts';
import { cutPower } from '../helpers/power-cut.ts';

const train = 'LR = 0.5\nDEPTH = 4\nWIDTH = 8\nSEED = 1  # NOCTURNE_SEED\n';

/** LR and depth are worth something; two depths at once do not add up to more. */
function score(run: LaidRun) {
  return scoringRun('val_bpb', (1 + knobOf(run, 'LR') + knobOf(run, 'DEPTH') / 10).toFixed(4));
}

interface Given {
  readonly script: Script;
  readonly order?: readonly string[];
  readonly slots?: number;
  readonly ahead?: number | 'auto';
  readonly run?: typeof score;
}

function labWith({ script, order = [], slots = 2, ahead = 0, run = score }: Given): SlottedLab {
  const files = { 'train.py': train, 'program.md': '' };
  const researcher = createScriptedResearcher(script);
  return createSlottedLab({
    folder: fastFolder(),
    files,
    researcher,
    run,
    slots,
    order,
    brief: { ahead, slots },
  });
}

const refOf = (lab: ScriptedLab, name: string) => lab.workspace.refs.get(`refs/autoresearch/nov23/${name}`) ?? '';
const verdictsOf = (lab: ScriptedLab) =>
  entriesOf(lab, 'verdict-given').map(({ experiment, verdict }) => `${experiment} ${verdict.decision}`);
const bestOf = async (lab: ScriptedLab) => (await lab.workspace.read(refOf(lab, 'tip')))['train.py'];
const first = ['0001/run-1', '0002/run-1'];

/** The same, with something to do after each proposal. */
function withAfterwards(researcher: Researcher, afterwards: (signal: AbortSignal) => Promise<void>): Researcher {
  const propose: Researcher['propose'] = async (request, signal) => {
    const reply = await researcher.propose(request, signal);
    return reply.kind === 'proposal' ? { ...reply, afterwards } : reply;
  };
  return { ...researcher, propose };
}

describe('two slots', () => {
  it('run two experiments at once, each in its own slot, and the baseline as well', async () => {
    const lab = labWith({
      script: { 1: turnKnobs({ LR: 0.6 }), 2: turnKnobs({ LR: 0.7 }), 3: turnKnobs({ LR: 0.8 }) },
      order: [...first].reverse(),
    });
    expect(await conductStudy(lab)).toMatchObject({ reason: 'exhausted' });
    expect(lab.most()).toBe(2);
    const started = entriesOf(lab, 'run-started');
    expect(started.slice(0, 3)).toMatchObject([
      { experiment: 0, run: 1, seed: 1, slot: 0 },
      { experiment: 0, run: 2, seed: 2, slot: 1 },
      { experiment: 0, run: 3, seed: 3 },
    ]);
    expect(started.slice(3)).toMatchObject([{ experiment: 1, slot: 0 }, { experiment: 2, slot: 1 }, { experiment: 3 }]);
    expect(verdictsOf(lab)).toEqual(['0 keep', '2 revert', '1 revert', '3 revert']);
  });

  it('give verdicts in the order in which runs end', async () => {
    const lab = labWith({
      script: { 1: turnKnobs({ LR: 0.6 }), 2: turnKnobs({ LR: 0.7 }) },
      order: [...first].reverse(),
    });
    await conductStudy(lab);
    expect(verdictsOf(lab)).toEqual(['0 keep', '2 revert', '1 revert']);
  });

  it('try a gain on an older incumbent again on the new one, with runs of its own', async () => {
    const lab = labWith({ script: { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ DEPTH: 2 }) }, order: first });
    await conductStudy(lab);
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep', '2 revert', '3 keep']);
    expect(entriesOf(lab, 'verdict-given')[2]?.verdict).toMatchObject({ overtakenBy: 1 });
    expect(entriesOf(lab, 'proposal-made')[2]).toMatchObject({ experiment: 3, parent: 1, reapplies: 2 });
    expect(await bestOf(lab)).toBe(train.replace('LR = 0.5', 'LR = 0.3').replace('DEPTH = 4', 'DEPTH = 2'));
  });

  it('try it again though the study has made all the proposals that it may make', async () => {
    const script = { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ DEPTH: 2 }), 3: turnKnobs({ WIDTH: 1 }) };
    const lab = labWith({ script, order: first });
    const brief = { ...lab.brief, stop: { experiments: 2 } };
    expect(await conductStudy({ ...lab, brief })).toMatchObject({
      reason: 'experiments',
      detail: expect.stringMatching(/^2 experiments done, and 1 made again on another parent; raise/),
    });
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep', '2 revert', '3 keep']);
  });

  it('have no loss on an older incumbent tried again', async () => {
    const lab = labWith({ script: { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ DEPTH: 6 }) }, order: first });
    await conductStudy(lab);
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep', '2 revert']);
    expect(entriesOf(lab, 'verdict-given')[2]?.verdict.overtakenBy).toBeUndefined();
  });

  it('keep the runs of an overtaken experiment that is the same program on the new incumbent', async () => {
    const lab = labWith({ script: { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ LR: 0.2 }) }, order: first });
    await conductStudy(lab);
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep', '2 keep']);
    expect(entriesOf(lab, 'reapplied')).toMatchObject([{ experiment: 2, parent: 1 }]);
    expect(entriesOf(lab, 'run-started')).toHaveLength(5);
    expect(await bestOf(lab)).toBe(train.replace('0.5', '0.2'));
  });
});

describe('a model', () => {
  /** A study with one slot whose baseline's last run goes on until the model was asked. */
  async function openings(ahead: number | 'auto') {
    const noisy = (run: LaidRun) => scoringRun('val_bpb', (1 + knobOf(run, 'LR') + run.run / 1e4).toFixed(6));
    const lab = labWith({ slots: 1, script: { 1: turnKnobs({ LR: 0.3 }) }, run: noisy });
    const seen: number[] = [];
    const isAsked = () => seen.length > 0 || ahead === 0;
    const researcher: typeof lab.researcher = {
      ...lab.researcher,
      propose: async (request, signal) => {
        seen.push(entriesOf(lab, 'run-ended').length);
        return lab.researcher.propose(request, signal);
      },
    };
    const engine: typeof lab.engine = {
      ...lab.engine,
      poll: async (job, seconds) => {
        if (job.id !== '0000/run-3' || isAsked()) return lab.engine.poll(job, seconds);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { kind: 'running', elapsedSeconds: 0, stage: 'train' };
      },
    };
    const brief = { ...lab.brief, researcher: 'llm' as const, model: 'scripted:none', ahead };
    await conductStudy({ ...lab, engine, researcher, brief });
    const events = lab.archive.journal.map(({ event }) => event);
    return { first: seen[0], events, lab };
  }

  it('is asked while the last run of the baseline goes on, and its answer waits for the verdict on that', async () => {
    const { first, events, lab } = await openings('auto');
    expect(first).toBe(2);
    expect(events.indexOf('proposal-made')).toBeGreaterThan(events.indexOf('verdict-given'));
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep']);
  });

  it('tries a draft in a slot that no run is in, and no run begins in that meanwhile', async () => {
    const lab = labWith({ slots: 1, ahead: 2, script: { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ DEPTH: 2 }) } });
    const inFlight = new Set<string>();
    const beside: string[][] = [];
    let trying = false;
    const researcher: typeof lab.researcher = {
      ...lab.researcher,
      propose: async (request, signal) => {
        const spare = await request.spareSlot?.(signal);
        trying = true;
        beside.push([...inFlight]);
        for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
        beside.push([...inFlight]);
        trying = false;
        spare?.giveBack();
        return lab.researcher.propose(request, signal);
      },
    };
    const begunBeside: string[] = [];
    const engine: typeof lab.engine = {
      ...lab.engine,
      submit: async (job) => {
        if (trying) begunBeside.push(job.id);
        inFlight.add(job.id);
        return lab.engine.submit(job);
      },
      poll: async (job, seconds) => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        inFlight.delete(job.id);
        return lab.engine.poll(job, seconds);
      },
    };
    const brief = { ...lab.brief, researcher: 'llm' as const, model: 'scripted:none', ahead: 2 };
    await conductStudy({ ...lab, engine, researcher, brief });
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep', '2 keep']);
    expect(beside.length).toBeGreaterThanOrEqual(4);
    expect([...beside.flat(), ...begunBeside]).toEqual([]);
  });

  it('does what it does after a proposal beside its run, and the study ends when that is done', async () => {
    const lab = labWith({ slots: 1, script: { 1: turnKnobs({ LR: 0.3 }) } });
    const hasJudged = () => verdictsOf(lab).includes('1 keep');
    const done: boolean[] = [];
    const afterwards = async (signal: AbortSignal) => {
      while (!hasJudged() && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
      done.push(hasJudged());
    };
    const stop = await conductStudy({ ...lab, researcher: withAfterwards(lab.researcher, afterwards) });
    expect(stop).toMatchObject({ reason: 'exhausted' });
    expect(done).toEqual([true]);
  });

  it('is stopped in it at once by the owner', async () => {
    const lab = labWith({ slots: 1, script: { 1: turnKnobs({ LR: 0.3 }) } });
    const owner = new AbortController();
    const afterwards = async (signal: AbortSignal) => {
      owner.abort();
      while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    const stop = await conductStudy({ ...lab, researcher: withAfterwards(lab.researcher, afterwards) }, owner.signal);
    expect(stop).toMatchObject({ reason: 'stopped' });
  });

  it('is asked after that where the brief wants nothing ahead', async () => {
    expect((await openings(0)).first).toBe(3);
  });
});

describe('what is thought of ahead', () => {
  const inTurn = ['0001/run-1', '0002/run-1', '0003/run-1'];

  it('moves on to what was kept meanwhile before it runs', async () => {
    const lab = labWith({
      slots: 1,
      ahead: 1,
      script: { 1: turnKnobs({ LR: 0.3 }), 2: turnKnobs({ DEPTH: 2 }) },
      order: inTurn,
    });
    await conductStudy(lab);
    const events = lab.archive.journal.slice(10).map(({ event }) => event);
    expect(events.indexOf('reapplied')).toBeGreaterThan(events.indexOf('branch-moved'));
    expect(entriesOf(lab, 'reapplied')).toMatchObject([{ experiment: 2, parent: 1 }]);
    expect(verdictsOf(lab)).toEqual(['0 keep', '1 keep', '2 keep']);
    expect(entriesOf(lab, 'run-started').filter((entry) => 'slot' in entry)).toEqual([]);
    expect(await bestOf(lab)).toBe(train.replace('LR = 0.5', 'LR = 0.3').replace('DEPTH = 4', 'DEPTH = 2'));
  });

  it('is merged where a text that it replaces has changed beside it', async () => {
    const whole: Proposal = {
      ...turnKnobs({ LR: 1 }),
      kind: 'code',
      edits: [{ kind: 'write', file: 'train.py', content: train.replace('WIDTH = 8', 'WIDTH = 8\nDEPTH = 3') }],
    };
    const lab = labWith({ slots: 1, ahead: 1, script: { 1: turnKnobs({ LR: 0.3 }), 2: whole }, order: inTurn });
    await conductStudy(lab);
    const candidate = entriesOf(lab, 'candidate-committed').at(-1);
    expect(await lab.workspace.read(candidate?.commit ?? '')).toMatchObject({
      'train.py': train.replace('LR = 0.5', 'LR = 0.3').replace('WIDTH = 8', 'WIDTH = 8\nDEPTH = 3'),
    });
  });

  it('is dropped with the reason, and without a run, where it does not go together with the keep', async () => {
    const rate: Proposal = {
      ...turnKnobs({ LR: 1 }),
      kind: 'code',
      edits: [{ kind: 'replace', file: 'train.py', find: 'LR = 0.5', replace: 'LR = 0.25' }],
    };
    const lab = labWith({ slots: 1, ahead: 1, script: { 1: turnKnobs({ LR: 0.3 }), 2: rate }, order: inTurn });
    await conductStudy(lab);
    expect(entriesOf(lab, 'verdict-given').at(-1)).toMatchObject({
      experiment: 2,
      verdict: { decision: 'revert', reason: expect.stringMatching(/^dropped before it ran: experiment 1 was kept/) },
    });
    expect(entriesOf(lab, 'run-started').filter(({ experiment }) => experiment === 2)).toEqual([]);
  });

  it('is not more than a study may still try', async () => {
    const script = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [n, turnKnobs({ WIDTH: n })]));
    const lab = labWith({ slots: 2, ahead: 3, script });
    const stop = { experiments: 4 };
    expect(await conductStudy({ ...lab, brief: { ...lab.brief, stop } })).toMatchObject({ reason: 'experiments' });
    expect(entriesOf(lab, 'proposal-made')).toHaveLength(4);
    expect(verdictsOf(lab)).toHaveLength(5);
  });
});

describe('a study with several runs in flight', () => {
  const script = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [n, turnKnobs({ WIDTH: n })]));

  it('ends all of them at a stop, and runs each again when it goes on', async () => {
    const stopping = new AbortController();
    const lab = labWith({ script, slots: 3, order: ['never', '0001/run-1', '0002/run-1', '0003/run-1'] });
    const submit = async (job: Parameters<typeof lab.engine.submit>[0]) => {
      await lab.engine.submit(job);
      if (job.id === '0003/run-1') stopping.abort();
    };
    // What is cancelled has ended.
    const poll = async (job: Parameters<typeof lab.engine.poll>[0], wait: number) =>
      stopping.signal.aborted ? lab.engine.poll({ ...job, id: 'any' }, wait) : lab.engine.poll(job, wait);
    const cancelling = { ...lab, engine: { ...lab.engine, submit, poll } };
    expect(await conductStudy(cancelling, stopping.signal)).toMatchObject({ reason: 'stopped' });
    const ended = entriesOf(lab, 'run-ended').filter(({ experiment }) => experiment > 0);
    expect(ended.map(({ experiment }) => experiment).sort()).toEqual([1, 2, 3]);
    const again = { ...lab.reopen(), slots: 3 };
    await conductStudy(again);
    expect(verdictsOf(again).sort()).toEqual(['0 keep', ...[1, 2, 3, 4, 5, 6].map((n) => `${n} revert`)]);
  });

  it('adopts every run that a controller left, and starts none of them twice', async () => {
    const lab = labWith({ script, slots: 3, order: ['never', '0001/run-1', '0002/run-1', '0003/run-1'] });
    const fails = {
      ...lab.engine,
      submit: async (job: Parameters<typeof lab.engine.submit>[0]) => {
        await lab.engine.submit(job);
        if (job.id === '0003/run-1') throw new Error('the controller is gone');
      },
    };
    await expect(conductStudy({ ...lab, engine: fails })).rejects.toThrow('the controller is gone');
    expect(entriesOf(lab, 'run-ended').filter(({ experiment }) => experiment > 0)).toEqual([]);
    const again = { ...lab.reopen(), slots: 3 };
    await conductStudy(again);
    expect(verdictsOf(again).sort()).toEqual(['0 keep', ...[1, 2, 3, 4, 5, 6].map((n) => `${n} revert`)]);
    expect(entriesOf(again, 'run-started')).toHaveLength(9);
  });

  it('is the same study after a power cut at any entry, and each entry fits on those before it', async () => {
    const tried = { ...script, 2: turnKnobs({ LR: 0.3 }), 4: turnKnobs({ DEPTH: 2 }), 5: turnKnobs({ LR: 0.2 }) };
    for (let at = 3; at < 48; at += 1) {
      const lab = labWith({ script: tried, slots: 3, ahead: 1 });
      await conductStudy(cutPower(lab, at).lab).catch(() => {});
      const again = { ...lab.reopen(), slots: 3 };
      await conductStudy(again);
      const fold = createFold();
      for (const entry of lab.archive.journal) {
        expect(fits(fold.whole(), entry), `cut at ${at}: entry ${entry.seq}, ${entry.event}`).toBe(true);
        fold.add(entry);
      }
      const { experiments = [], overtaken, unsettled } = fold.history() ?? {};
      expect([overtaken, unsettled]).toEqual([[], []]);
      const started = experiments.flatMap(({ experiment, runs }) => runs.map(({ run }) => `${experiment}/${run}`));
      expect(lab.engine.jobs.filter(({ id }) => id.includes('run')).length).toBeLessThanOrEqual(started.length);
      expect(await bestOf(lab)).toBe(train.replace('LR = 0.5', 'LR = 0.2').replace('DEPTH = 4', 'DEPTH = 2'));
    }
  });
});
