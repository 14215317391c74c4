/**
 * The study that is killed: a baseline, an experiment that is kept and one that is not, each of whose runs is noted by the training.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packagePath } from '../../src/adapters/package-root.ts';
import { commitProject } from '../fixture-project.ts';

const tag = 'night';

/** What the study is like that is killed. */
export interface Shape {
  /** Whether a scorer measures in a tree of its own, and grades on the holdout at the end. */
  readonly hasScorer: boolean;
  /** Runs at once. */
  readonly slots: number;
  /** Whether runs are isolated as well as it can be had here. */
  readonly isCaged: boolean;
}

/** Its score is worse the farther RATE is from 2, whatever the seed. */
const train = `import os, time
RATE = 1
try:
    with open(os.environ["NOCTURNE_WITNESS"], "a") as witness:
        witness.write(os.environ["NOCTURNE_RUN_DIR"].split("/runs/")[1] + "\\n")
except (OSError, KeyError):
    pass  # From a cage nothing else than the run can be written.
time.sleep(0.05)
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.txt"), "w") as weights:
    weights.write(str(1 + abs(RATE - 2)))
print("loss:", 1 + abs(RATE - 2))
`;

const score = `import os
with open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.txt")) as weights:
    print("loss:", weights.read())
`;

/** One experiment is kept; of the others there are as many as there are slots, so that each is proposed before the keep. */
export function experimentsOf({ slots }: Shape): number {
  return slots + 1;
}

function briefOf(shape: Shape): string {
  const lines = [
    'edit: [train.py]',
    'train: python -S train.py',
    ...(shape.hasScorer ? ['score: python -S score.py'] : []),
    'metric: loss',
    'goal: minimize',
    'budget: 1s',
    'timeout: 60s',
    'researcher: grid',
    'policy: greedy',
    ...(shape.isCaged ? [] : ['isolation: none']),
    ...(shape.slots > 1 ? [`slots: ${shape.slots}`] : []),
    `space: { RATE: int 1..${1 + experimentsOf(shape)} }`,
  ];
  return ['---', ...lines, '---', 'Lower the loss.', ''].join('\n');
}

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
export async function layScene(folder: string, shape: Shape): Promise<Scene> {
  const scene = sceneIn(folder);
  mkdirSync(scene.root, { recursive: true });
  mkdirSync(scene.temporary);
  writeFileSync(scene.witness, '');
  for (const [name, text] of Object.entries({ 'train.py': train, 'score.py': score, 'program.md': briefOf(shape) }))
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

/** One session: how far it goes, and where it is killed. */
export interface SessionOptions {
  readonly experiments: number;
  /** The point at which it is killed. */
  readonly killAt?: number;
  /** A regular expression for the call at which it is killed. */
  readonly killIn?: string;
  /** The file that gets a line for each point that it came to. */
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
  const { experiments, killAt, killIn, log } = options;
  const isHooked = killAt !== undefined || killIn !== undefined || log !== undefined;
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
      ...(killAt !== undefined && { NOCTURNE_KILL_AT: String(killAt) }),
      ...(killIn !== undefined && { NOCTURNE_KILL_IN: killIn }),
      ...(log !== undefined && { NOCTURNE_KILL_LOG: log }),
    },
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 600_000,
  });
  return { signal, exitCode, said: all ?? '' };
}
