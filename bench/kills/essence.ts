/**
 * What a killed study is compared by with the undisturbed one: what it came to, and what it left lying.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import type { Entry } from '../../src/core/journal/entry.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { valuesOf } from '../../src/core/journal/history.ts';
import type { Scene, Shape } from './study.ts';

/**
 * What must not depend on where the study was killed: all but times, and with them the hashes of commits. With slots neither the order
 * of runs counts, nor on which incumbent a proposal was made.
 */
export async function essenceOf({ root, study, witness }: Scene, { slots }: Shape): Promise<object> {
  const entries = [...readJournal(join(study, 'journal.jsonl'))];
  const history = foldHistory(entries);
  const git = async (...args: string[]) => (await execa('git', args, { cwd: root })).stdout;
  const refs = (await git('for-each-ref', '--format=%(refname)')).split('\n').filter(Boolean);
  const isOrdered = slots === 1;
  const executed = readFileSync(witness, 'utf8').split('\n').filter(Boolean);
  const told = (ref: string) =>
    isOrdered || !isAttempt(ref) ? git('log', '--format=%T %B', ref) : git('log', '-1', '--format=%T', ref);
  return {
    experiments: history?.experiments.map((record) => ({
      ...(isOrdered && { parent: record.parent, proposal: record.proposal, verdict: record.verdict }),
      decision: record.verdict?.decision,
      seeds: record.runs.map((run) => [run.run, run.seed, run.result?.outcome]),
      values: valuesOf(record),
      tree: record.candidate?.tree,
      isBranchMoved: record.isBranchMoved,
    })),
    refusals: history?.refusals,
    stopped: history?.stopped,
    refs: Object.fromEntries(await Promise.all(refs.map(async (ref) => [ref, await told(ref)]))),
    status: await git('status', '--porcelain'),
    executed: isOrdered ? executed : executed.sort(),
    crowded: crowdedIn(entries),
  };
}

/** The ref of an attempt, whose commit stands on what was the incumbent when it was proposed. */
function isAttempt(ref: string): boolean {
  return /\/\d{4}$/.test(ref);
}

/** Runs that began in a slot which another one still had. */
function crowdedIn(entries: readonly Entry[]): string[] {
  const runIn = new Map<number, string>();
  return entries.flatMap((entry) => {
    if (entry.event !== 'run-started' && entry.event !== 'run-ended') return [];
    const run = `${entry.experiment}/${entry.run}`;
    if (entry.event === 'run-ended') {
      for (const [slot, other] of runIn) if (other === run) runIn.delete(slot);
      return [];
    }
    const { slot = 0 } = entry;
    const isTaken = runIn.has(slot);
    runIn.set(slot, run);
    return isTaken ? [run] : [];
  });
}

/** Every path that the study and git have of their own, and what was left among temporary files; names that differ by nature are masked. */
export function leavingsOf({ root, study, temporary }: Scene, { slots }: Shape): string[] {
  const inStudy = pathsBelow(study).map((path) => `study/${path}`);
  const inGit = pathsBelow(join(root, '.git'))
    .filter((path) => !/^objects\/[0-9a-f]{2}(?:\/|$)|^logs(?:\/|$)/.test(path))
    .map((path) => `.git/${path}`);
  const objects = pathsBelow(join(root, '.git', 'objects')).filter((path) => /^[0-9a-f]{2}\//.test(path));
  const odd = objects.filter((path) => !/^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path));
  // Their names differ by nature, since commits have times; their number must not, but where one is made again on a newer incumbent.
  const count = slots === 1 ? [`.git: ${objects.length - odd.length} objects`] : [];
  const inTemporary = pathsBelow(temporary).map((path) => `tmp/${path}`);
  return [...inStudy, ...inGit, ...count, ...odd.map((path) => `.git/objects/${path}`), ...inTemporary]
    .filter((path) => !/\/\.git\/objects\//.test(path))
    .map((path) => path.replace(/[0-9a-f]{40}/g, '#'))
    .sort();
}

function pathsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  return readdirSync(real, { recursive: true, withFileTypes: true }).map((entry) =>
    relative(real, join(entry.parentPath, entry.name)),
  );
}
