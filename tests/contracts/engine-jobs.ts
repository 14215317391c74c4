/** Jobs for the contract of engines: small scripts in a study's folder, laid out as a run is, so that they can travel. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Job, Stage } from '../../src/ports/engine.ts';
import { interpreter } from '../helpers/interpreter.ts';

const note =
  'import os, sys, time\nif sys.argv[1] == "train": open(os.environ["NOCTURNE_RUN_DIR"] + "/starts", "a").write("started\\n")\n';

/** What the training of a job of the suite does. */
const scripts = {
  scores: 'print("step=1 loss=2.0 progress=1.0")\nprint("---\\nval_bpb: 1.5")\n',
  fails: 'sys.exit(7)\n',
  hangs: 'print("ready", flush=True)\ntime.sleep(600)\n',
  waits: 'print("ready", flush=True)\nwhile not os.path.exists(GO): time.sleep(0.05)\n',
  ignores:
    'import signal\nfor number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\nprint("ready", flush=True)\nwhile True: time.sleep(60)\n',
  splits:
    'for byte in "schöne Läufe über 3 €\\n".encode("utf-8") * 3:\n    sys.stdout.buffer.write(bytes([byte]))\n    sys.stdout.buffer.flush()\n    time.sleep(0.02)\n',
  'is killed for memory': 'import signal\nprint("allocating", flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n',
} as const;
export type Behaviour = keyof typeof scripts;

/** A folder in which a study's jobs lie; it is removed when the test ends. */
export async function contractStudy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-contract-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return join(folder, 'runs', 'one');
}

/** Lets a job end that `waits`, wherever it runs: the machines of the suite are all this one. */
export async function letGo(job: Job): Promise<void> {
  await writeFile(goOf(job.folder), '');
}

function goOf(jobFolder: string): string {
  return join(jobFolder, '..', '..', 'go');
}

/** A job with a train and a score stage, both of which do this. */
export async function contractJob(studyFolder: string, behaviour: Behaviour, limitSeconds = 60): Promise<Job> {
  const folder = join(studyFolder, '0001', 'run-1');
  const [work, output] = [join(folder, 'work'), join(folder, 'output')];
  for (const each of [work, output]) await mkdir(each, { recursive: true });
  await writeFile(join(work, 'script.py'), `${note}GO = ${JSON.stringify(goOf(folder))}\n${scripts[behaviour]}`);
  const env = {
    PATH: process.env.PATH ?? '',
    NOCTURNE_TREE: work,
    NOCTURNE_RUN_DIR: output,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const stage = (name: Stage['name']): Stage => ({
    name,
    argv: [interpreter, '-S', 'script.py', name],
    folder: work,
    env,
  });
  return { id: '0001/run-1', folder, stages: [stage('train'), stage('score')], limitSeconds };
}

/** How often the training of an ended job was started. */
export async function startsOf(job: Job): Promise<number> {
  const notes = await readFile(join(job.folder, 'output', 'starts'), 'utf8').catch(() => '');
  return notes.split('\n').length - 1;
}
