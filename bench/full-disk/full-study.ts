/**
 * One study on a small disk of its own.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import { SettingsError } from '../../src/core/base/errors.ts';
import { mountSmallDisk, type SmallDisk } from '../../tests/helpers/small-disk.ts';
import { commitProject } from '../fixture-project.ts';

export interface FullStudy {
  readonly left: number;
  /** Whether the session in which the disk was full ended the study as its rule says. */
  readonly isGoingOn: boolean;
  /** How often the study said that it waits for room. */
  readonly waits: number;
  /** How often `nocturne run` had to be given. */
  readonly commands: number;
  /** Whether git's own output reached the owner. */
  readonly isRaw: boolean;
  /** Experiments that failed: no training of this study does by itself. */
  readonly blamed: number;
  /** The first sentence of the error that ended the first session. */
  readonly stoppedWith: string;
  /** Lines of `nocturne check` at the end. */
  readonly disagreements: number;
}

const experiments = 3;
/** How long the disk stays full where the study neither says that it waits nor ends. */
const fullMilliseconds = 6000;

const train = `"""Pretends to train, and saves weights of 100 KB. Each experiment is better than those before it."""
import os, time
LEARNING_RATE = 0.1
MOMENTUM = 0.9
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.bin"), "wb") as file:
    file.write(b"w" * 100_000)
print("---")
print("score: {:.6f}".format(10 - time.time() % 1e6 / 1e6))
`;
const brief = `---\nedit: [train.py]\ntrain: python train.py\nmetric: score\ngoal: minimize\nbudget: 1s\nresearcher: random\n---\nLower it.\n`;

/** Runs a study with this build of the program; its disk has `left` bytes from the first entry of this kind on. */
export async function runFull(program: string, moment: string, left: number): Promise<FullStudy> {
  const disk = mountSmallDisk(24);
  if (!disk) throw new SettingsError('This bench mounts a small file system, which takes root.');
  try {
    return await runOn(disk, program, moment, left);
  } finally {
    disk.unmount();
  }
}

async function runOn(disk: SmallDisk, program: string, moment: string, left: number): Promise<FullStudy> {
  const root = join(disk.folder, 'project');
  mkdirSync(root);
  writeFileSync(join(root, 'train.py'), train);
  writeFileSync(join(root, 'program.md'), brief);
  await commitProject(root);
  const nocturne = (...args: string[]) =>
    execa(process.execPath, [program, ...args], { cwd: root, reject: false, timeout: 600_000 });
  const study = ['run', '--tag', 'a', '--max-experiments', String(experiments), '--json'];
  const first = nocturne(...study);
  const isFull = new Promise<void>((resolve) => {
    // After the baseline's verdict, so that there is something to compare with.
    let isMeasured = false;
    let isFilled = false;
    createInterface({ input: first.stdout }).on('line', (line) => {
      const { event } = JSON.parse(line);
      isMeasured ||= event === 'verdict-given';
      if (isMeasured && event === moment && !isFilled) {
        isFilled = true;
        disk.fill(left);
        resolve();
      }
    });
  });
  const waits = new Promise<void>((resolve) => {
    first.stderr.on('data', (data) => /room/.test(String(data)) && resolve());
    first.stdout.on('data', (data) => /room-awaited/.test(String(data)) && resolve());
  });
  const ended = first.then(() => {});
  await Promise.race([isFull, ended]);
  await Promise.race([waits.then(() => setTimeout(1000)), ended, setTimeout(fullMilliseconds)]);
  disk.empty();
  const said = await first;
  let commands = 1;
  for (let last = said; last.exitCode !== 0 && commands < 5; commands++) last = await nocturne(...study);
  const check = await nocturne('check', '--tag', 'a');
  const entries = [...readJournal(join(root, 'runs', 'a', 'journal.jsonl'))];
  const failed = entries.filter(
    (entry) => entry.event === 'verdict-given' && entry.experiment > 0 && !entry.verdict.statistics,
  );
  return {
    left,
    isGoingOn: said.exitCode === 0,
    waits: said.stdout.split('"room-awaited"').length - 1,
    commands,
    isRaw: /fatal:|error:|unable to|fast-import|\(exit \d+\)/.test(said.stderr),
    blamed: failed.length,
    stoppedWith:
      said.exitCode === 0
        ? ''
        : (said.stderr.split('\n').find((line) => line.startsWith('nocturne: ')) ?? said.stderr.slice(-200)),
    disagreements: check.exitCode === 0 ? 0 : check.stdout.split('\n').length,
  };
}
