/**
 * The study that is killed: a baseline, an experiment that is kept and one that is not, each of whose runs is noted by the training.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { readJournal } from '../../src/adapters/archive/read-journal.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import { valuesOf } from '../../src/core/journal/history.ts';
import { commitProject } from '../fixture-project.ts';

const tag = 'night';

/** Its score is worse the farther RATE is from 2, whatever the seed. */
const train = `import os, time
RATE = 1
with open(os.environ["NOCTURNE_WITNESS"], "a") as witness:
    witness.write(os.environ["NOCTURNE_RUN_DIR"].split("/runs/")[1] + "\\n")
time.sleep(0.05)
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.txt"), "w") as weights:
    weights.write(str(1 + abs(RATE - 2)))
print("loss:", 1 + abs(RATE - 2))
`;

const score = `import os
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.txt")) as weights:
    print("loss:", weights.read())
`;

const briefOf = (hasScorer: boolean) => `---
edit: [train.py]
train: python -S train.py
${hasScorer ? 'score: python -S score.py\n' : ''}metric: loss
goal: minimize
budget: 1s
timeout: 60s
researcher: grid
policy: greedy
isolation: none
space: { RATE: int 1..3 }
---
Lower the loss.
`;

/** A project with its study, in a folder of its own with what it uses beside the project. */
export interface Scene {
  readonly root: string;
  readonly study: string;
  readonly temporary: string;
  readonly witness: string;
}

/** The paths of a scene in this folder. */
export function sceneIn(folder: string): Scene {
  const root = join(folder, 'project');
  return { root, study: join(root, 'runs', tag), temporary: join(folder, 'tmp'), witness: join(folder, 'witness') };
}

/** Lays the project; its study has not begun. */
export async function layScene(folder: string, hasScorer: boolean): Promise<Scene> {
  const scene = sceneIn(folder);
  mkdirSync(scene.root, { recursive: true });
  mkdirSync(scene.temporary);
  writeFileSync(scene.witness, '');
  for (const [name, text] of Object.entries({ 'train.py': train, 'score.py': score, 'program.md': briefOf(hasScorer) }))
    writeFileSync(join(scene.root, name), text);
  await commitProject(scene.root);
  return scene;
}

/** A copy of a scene. */
export function copyScene(from: string, to: string): Scene {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return sceneIn(to);
}

/** How the program is started. */
export type Command = readonly [string, ...string[]];

interface SessionOptions {
  readonly experiments: number;
  readonly killAt?: number;
  readonly log?: string;
}

export interface SessionEnd {
  readonly signal: string | undefined;
  readonly exitCode: number | undefined;
  readonly said: string;
}

const hook = packagePath('bench', 'kills', 'kill-point.mjs');

/** One session of the study. */
export async function session(scene: Scene, [node, ...command]: Command, options: SessionOptions): Promise<SessionEnd> {
  const { experiments, killAt = 0, log } = options;
  const isHooked = killAt > 0 || log !== undefined;
  const args = [
    ...(isHooked ? ['--import', hook] : []),
    ...command,
    'run',
    '--tag',
    tag,
    '--plain',
    '--max-experiments',
    String(experiments),
  ];
  const { PATH, HOME } = process.env;
  const { signal, exitCode, all } = await execa(node, args, {
    cwd: scene.root,
    extendEnv: false,
    env: {
      ...{ PATH, HOME, LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      XDG_CACHE_HOME: '/nowhere/cache',
      TMPDIR: scene.temporary,
      NOCTURNE_WITNESS: scene.witness,
      ...(isHooked && { NOCTURNE_KILL_AT: String(killAt) }),
      ...(log !== undefined && { NOCTURNE_KILL_LOG: log }),
    },
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 600_000,
  });
  return { signal, exitCode, said: all ?? '' };
}

/** What must not depend on where the study was killed: all but times, and with them the hashes of commits. */
export async function essenceOf({ root, study, witness }: Scene): Promise<object> {
  const history = foldHistory([...readJournal(join(study, 'journal.jsonl'))]);
  const git = async (...args: string[]) => (await execa('git', args, { cwd: root })).stdout;
  const refs = (await git('for-each-ref', '--format=%(refname)')).split('\n').filter(Boolean);
  const logs = await Promise.all(refs.map(async (ref) => [ref, await git('log', '--format=%T %B', ref)]));
  return {
    experiments: history?.experiments.map((record) => ({
      parent: record.parent,
      proposal: record.proposal,
      verdict: record.verdict,
      seeds: record.runs.map((run) => [run.run, run.seed, run.result?.outcome]),
      values: valuesOf(record),
      tree: record.candidate?.tree,
      isBranchMoved: record.isBranchMoved,
    })),
    refusals: history?.refusals,
    stopped: history?.stopped,
    refs: Object.fromEntries(logs),
    status: await git('status', '--porcelain'),
    executed: readFileSync(witness, 'utf8').split('\n').filter(Boolean),
  };
}

/** Every path that the study and git have of their own, and what was left among temporary files; names that differ by nature are masked. */
export function leavingsOf({ root, study, temporary }: Scene): string[] {
  const inStudy = pathsBelow(study).map((path) => `study/${path}`);
  const inGit = pathsBelow(join(root, '.git'))
    .filter((path) => !/^objects\/[0-9a-f]{2}(?:\/|$)|^logs(?:\/|$)/.test(path))
    .map((path) => `.git/${path}`);
  const objects = pathsBelow(join(root, '.git', 'objects')).filter((path) => /^[0-9a-f]{2}\//.test(path));
  const odd = objects.filter((path) => !/^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path));
  // Their names differ by nature, since commits have times; their number must not.
  const count = `.git: ${objects.length - odd.length} objects`;
  const inTemporary = pathsBelow(temporary).map((path) => `tmp/${path}`);
  return [...inStudy, ...inGit, count, ...odd.map((path) => `.git/objects/${path}`), ...inTemporary]
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
