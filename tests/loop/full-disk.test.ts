import { describe, expect, it } from 'vitest';
import type { LoopEvent } from '../../src/core/journal/loop-event.ts';
import type { Lab } from '../../src/ports/lab.ts';
import { createScriptedLab, createScriptedResearcher, type ScriptedLab, turnKnobs } from '../../src/testing/index.ts';
import { conductStudy, failingRun, knobOf, scoreByRate } from '../helpers/conduct-study.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const script = { 1: turnKnobs({ LR: 0.4 }), 2: turnKnobs({ LR: 0.6 }) };
const files = { 'train.py': 'LR = 0.5\nNOCTURNE_SEED\n' };

function labOf(run = scoreByRate): ScriptedLab {
  return createScriptedLab({ folder: fastFolder(), files, researcher: createScriptedResearcher(script), run });
}

/** The lab with one method that finds the disk full at its first three calls. */
function filled<Port extends 'archive' | 'workspace' | 'runFolders' | 'engine' | 'researcher'>(
  lab: ScriptedLab,
  port: Port,
  method: keyof ScriptedLab[Port] & string,
): ScriptedLab {
  let calls = 0;
  const whole = lab[port] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const failing = async (...args: unknown[]) => {
    calls += 1;
    if (calls <= 3) throw full();
    return whole[method]?.(...args);
  };
  return { ...lab, [port]: { ...whole, [method]: failing } };
}

const decisions = ({ archive }: ScriptedLab) =>
  archive.journal.flatMap((entry) =>
    entry.event === 'verdict-given' ? [[entry.experiment, entry.verdict.decision]] : [],
  );
const told = (events: readonly LoopEvent[]) =>
  events.flatMap(({ event }) => (event === 'room-awaited' || event === 'room-found' ? [event] : []));

describe.each([
  ['archive', 'append'],
  ['archive', 'keep'],
  ['workspace', 'commitCandidate'],
  ['workspace', 'commitKeep'],
  ['workspace', 'moveBranch'],
  ['runFolders', 'lay'],
  ['runFolders', 'outputs'],
  ['runFolders', 'discard'],
  ['engine', 'submit'],
  ['engine', 'poll'],
  ['researcher', 'propose'],
] as const)('a disk that is full when %s.%s writes', (port, method) => {
  it('is waited for, said once, and changes nothing', async () => {
    const plain = labOf();
    await conductStudy(plain);
    const lab = labOf();
    await conductStudy(filled(lab, port, method as never));
    expect(decisions(lab)).toEqual(decisions(plain));
    expect(told(lab.events)).toEqual(['room-awaited', 'room-found']);
  });
});

it('another error is not waited for', async () => {
  const lab = labOf();
  const broken: Lab = {
    ...lab,
    archive: {
      ...lab.archive,
      append: () => Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })),
    },
  };
  await expect(conductStudy({ ...lab, ...broken, workspace: lab.workspace })).rejects.toThrow('EIO');
  expect(told(lab.events)).toEqual([]);
});

describe('a run that fails on a full disk', () => {
  const noSpace = 'OSError: [Errno 28] No space left on device\n';
  /** A study whose first experiment fails so often; the disk is full then, if it is, until the study waits for room. */
  const studied = async (isFull: boolean, used: (experiment: number) => number, times: number) => {
    let [fails, free] = [times, 1e9];
    const lab = labOf((run) => {
      if (knobOf(run, 'LR') !== 0.4 || fails === 0) return scoreByRate(run);
      fails -= 1;
      if (isFull) free = 0;
      return failingRun(1, noSpace);
    });
    const disk = {
      free: async () => free,
      used: async ({ experiment }: { experiment: number }) => used(experiment),
      noteWait: async () => {
        free = 1e9;
      },
    };
    await conductStudy({ ...lab, disk });
    const runs = lab.archive.journal.flatMap((entry) =>
      entry.event === 'run-ended' && entry.experiment === 1 ? [entry.result] : [],
    );
    return { lab, runs };
  };

  it('is lost, and repeated when there is room for it, however often that is', async () => {
    const { lab, runs } = await studied(true, () => 2_000_000, 5);
    expect(runs.map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'lost', 'lost', 'lost', 'finished']);
    expect(decisions(lab)[1]).toEqual([1, 'keep']);
    expect(told(lab.events)).toEqual(Array.from({ length: 5 }, () => ['room-awaited', 'room-found']).flat());
  });

  it('of its own making has failed', async () => {
    const { lab, runs } = await studied(true, (experiment) => (experiment === 1 ? 9e9 : 2_000_000), 5);
    expect(runs).toMatchObject([
      { outcome: 'crashed', reason: expect.stringContaining('it filled the disk: it wrote 9 GB') },
    ]);
    expect(decisions(lab)[1]).toEqual([1, 'revert']);
  });

  it('that there is no other sign of than its own word fails at the third time', async () => {
    const { runs } = await studied(false, () => 2_000_000, 5);
    expect(runs.map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'lost']);
  });
});
