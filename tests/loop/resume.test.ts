/**
 * Whenever the power goes out, the resumed study ends as the undisturbed one: the same proposals, verdicts, refs, trees
 * and parents, and no run executed twice.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAutoResearcher } from '../../src/adapters/researchers/auto-researcher.ts';
import { createGridResearcher } from '../../src/adapters/researchers/grid-researcher.ts';
import { createRandomResearcher } from '../../src/adapters/researchers/random-researcher.ts';
import { valuesOf } from '../../src/core/journal/history.ts';
import type { Engine } from '../../src/ports/engine.ts';
import type { Researcher } from '../../src/ports/researcher.ts';
import {
  createScriptedLab,
  createScriptedResearcher,
  type LaidRun,
  type ScriptedLab,
  turnKnobs,
} from '../../src/testing/index.ts';
import { conductStudy, failingRun, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';
import { historyOf, treesOfRefs } from '../helpers/lab-journal.ts';
import { cutPower, PowerCut } from '../helpers/power-cut.ts';

interface World {
  readonly lab: ScriptedLab;
  /** Folder of each run that was executed, in order. */
  readonly executed: readonly string[];
  readonly folder: string;
}

const rate = (LR: number) => turnKnobs({ LR });

/** A keep, a revert, a refusal, a crash and a keep on the keep. */
const eventful = createScriptedResearcher({
  1: rate(0.3),
  2: rate(0.4),
  3: [rate(0.4), turnKnobs({ LR: 0.25, DEPTH: 99 })],
  4: rate(0.2),
});

/** Three arms, of which one has two ideas only and one is soon exhausted. */
const mix = createAutoResearcher({
  seconds: () => 0,
  arms: [
    { name: 'random', researcher: createRandomResearcher() },
    { name: 'grid', researcher: createGridResearcher() },
    { name: 'llm-code', researcher: { ...eventful, name: 'llm' } },
  ],
});

function createWorld(researcher: Researcher, stop: { experiments?: number } = {}): World {
  const executed: string[] = [];
  const folder = fastFolder();
  const lab = createScriptedLab({
    folder,
    files: { 'train.py': 'LR = 0.5\nDEPTH = 4\nNOCTURNE_SEED\n', 'prepare.py': '' },
    researcher,
    brief: { stop, prepare: ['python', 'prepare.py'] },
    run: (run: LaidRun) => {
      executed.push(`${run.experiment}/run-${run.run} seed ${run.seed}`);
      return run.files['train.py']?.includes('DEPTH = 99') ? failingRun(1, 'no\n') : scoreByRate(run);
    },
  });
  return { lab, executed, folder };
}

/** Everything that must not depend on when the power went out. Times, and with them hashes of commits, may. */
function essenceOf(lab: ScriptedLab) {
  const { commits, refs } = lab.workspace;
  const history = historyOf(lab);
  return {
    experiments: history.experiments.map((record) => ({
      proposal: record.proposal,
      arm: record.arm,
      why: record.why,
      parent: record.parent,
      verdict: record.verdict,
      values: valuesOf(record),
      content: record.candidate?.content,
      isBranchMoved: record.isBranchMoved,
    })),
    refusals: history.refusals,
    incumbent: history.incumbent,
    stopped: history.stopped,
    refs: treesOfRefs(lab),
    messages: [...refs].sort().map(([, commit]) => commits.get(commit)?.message),
    kept: Object.fromEntries([...lab.archive.kept].sort()),
    // A redo makes the same hash, so it leaves no second commit behind.
    commits: commits.size,
  };
}

/** Goes on until the study stops by itself. */
async function finish(lab: ScriptedLab): Promise<ScriptedLab> {
  const later = lab.reopen();
  await conductStudy(later);
  return later;
}

async function runUntilCut(world: World, at: number, when: 'before' | 'after'): Promise<void> {
  const { lab } = cutPower(world.lab, at, when);
  await expect(conductStudy(lab)).rejects.toThrow(PowerCut);
}

/** The study as it goes without a cut, with the calls that it made. */
async function runUndisturbed(researcher: Researcher, stop: { experiments?: number }) {
  const { lab, executed: runs } = createWorld(researcher, stop);
  const counted = cutPower(lab);
  await conductStudy(counted.lab);
  return { undisturbed: essenceOf(lab), runs, calls: counted.calls, length: lab.archive.journal.length };
}

describe.each([
  ['an eventful study', eventful, {}],
  ['a random search', createRandomResearcher(), { experiments: 7 }],
  ['a mix of researchers', mix, { experiments: 9 }],
] as const)('%s', (_, researcher, stop) => {
  it('has something of everything', async () => {
    const { undisturbed, calls, length } = await runUndisturbed(researcher, stop);
    expect(length).toBeGreaterThan(30);
    expect(new Set(calls).size).toBe(12);
    expect(undisturbed.experiments.length).toBeGreaterThan(4);
  });

  it.each(['before', 'after'] as const)(
    'ends the same when the power goes out just %s any one effect',
    async (when) => {
      const { undisturbed, runs, calls } = await runUndisturbed(researcher, stop);
      const cut = async (call: string, at: number) => {
        const world = createWorld(researcher, stop);
        await runUntilCut(world, at, when);
        const later = await finish(world.lab);
        const place = `${when} call ${at}, ${call}`;
        expect(essenceOf(later), place).toEqual(undisturbed);
        expect(world.executed, place).toEqual(runs);
      };
      await Promise.all(calls.map(cut));
    },
  );

  it('ends the same when the power goes out at each effect of one and the same night', async () => {
    const { undisturbed, runs } = await runUndisturbed(researcher, stop);
    const world = createWorld(researcher, stop);
    let lab = world.lab;
    let cuts = 0;
    // A session must do at least one thing that the one before did not, or the night would never end.
    for (let reach = 1; reach < 200; reach++) {
      const session = cutPower(lab.reopen(), reach);
      const ended = await conductStudy(session.lab).then(
        () => true,
        (error: unknown) => {
          if (error instanceof PowerCut) return false;
          throw error;
        },
      );
      lab = lab.reopen();
      if (ended) break;
      cuts += 1;
    }
    expect(cuts).toBeGreaterThan(5);
    expect(essenceOf(lab)).toEqual(undisturbed);
    expect(world.executed).toEqual(runs);
  });

  it('ends the same from every prefix of its journal', async () => {
    const { undisturbed, runs, calls, length } = await runUndisturbed(researcher, stop);
    const cut = async (prefix: number, when: 'before' | 'after') => {
      const world = createWorld(researcher, stop);
      // `after` its last entry nothing else has happened; `before` the next one, everything up to it has.
      await runUntilCut(world, appendCall(calls, when === 'after' ? prefix : prefix + 1), when);
      expect(world.lab.archive.journal).toHaveLength(prefix);
      const later = await finish(world.lab);
      const place = `after ${prefix} entries, effects of the next step ${when === 'after' ? 'lost' : 'survived'}`;
      expect(essenceOf(later), place).toEqual(undisturbed);
      expect(world.executed, place).toEqual(runs);
      expect(later.archive.journal).toHaveLength(length + 1);
    };
    const prefixes = Array.from({ length: length - 1 }, (_, index) => index + 1);
    await Promise.all(prefixes.flatMap((prefix) => [cut(prefix, 'after'), cut(prefix, 'before')]));
  });

  it('ends the same when the whole machine went down with a run in flight', async () => {
    const { undisturbed, calls } = await runUndisturbed(researcher, stop);
    for (const [index, entry] of (await journalOf(researcher, stop)).entries()) {
      if (entry !== 'run-started') continue;
      const world = createWorld(researcher, stop);
      await runUntilCut(world, appendCall(calls, index + 1), 'after');
      const later = world.lab.reopen();
      await conductStudy({ ...later, engine: losingItsFirstJob(later.engine, world.folder) });
      const place = `run of entry ${index + 1} lost`;
      const { experiments, refs, refusals, incumbent, stopped } = essenceOf(later);
      expect({ experiments, refs, refusals, incumbent, stopped }, place).toEqual({
        experiments: undisturbed.experiments,
        refs: undisturbed.refs,
        refusals: undisturbed.refusals,
        incumbent: undisturbed.incumbent,
        stopped: undisturbed.stopped,
      });
    }
  });
});

/** The index among all calls of the one that writes the journal's entry with this number, from 1. */
function appendCall(calls: readonly string[], number: number): number {
  const appends = [...calls.entries()].filter(([, call]) => call === 'archive.append');
  const [index] = appends[number - 1] ?? [];
  if (index === undefined) throw new Error(`the journal has no entry ${number}`);
  return index;
}

async function journalOf(researcher: Researcher, stop: { experiments?: number }): Promise<string[]> {
  const { lab } = createWorld(researcher, stop);
  await conductStudy(lab);
  return lab.archive.journal.map((entry) => entry.event);
}

/** As after a power cut: the run had started, nothing of it is left, and how it would have ended is unknown. */
function losingItsFirstJob(engine: ScriptedLab['engine'], folder: string): ScriptedLab['engine'] {
  let lost: string | undefined;
  const isLost = (id: string) => {
    lost ??= id;
    return lost === id;
  };
  const submit: Engine['submit'] = async (job) => {
    if (!isLost(job.id)) await engine.submit(job);
  };
  const poll: Engine['poll'] = async (job, wait) => {
    if (!isLost(job.id)) return engine.poll(job, wait);
    rmSync(join(folder, job.id), { recursive: true, force: true });
    return { kind: 'lost', reason: 'its supervisor is gone and left no result' };
  };
  return { ...engine, submit, poll };
}
