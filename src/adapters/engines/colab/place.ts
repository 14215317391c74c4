/**
 * What is done on a machine of Colab: code in its kernel, which answers in lines of JSON, and whole files there and back.
 *
 * The CLI's own exit code says nothing of the code that it ran, so the code says when it is done. Files go in parts, since the CLI
 * and the server hold each one whole, as base64, in memory.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packagePath } from '../../package-root.ts';
import { type ColabAnswer, type Failure, failureOf, framesIn } from './answers.ts';
import type { ColabProgram } from './program.ts';

/** Why something could not be done on a machine: the machine, the network or the code there. */
export class ColabTrouble extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super('why' in failure ? failure.why : failure.kind);
    this.failure = failure;
  }
}

const setupSchema = z.object({
  root: z.string(),
  python: z.string(),
  gpus: z.array(z.string()),
  /** Digests of those of our programs that are there. */
  programs: z.record(z.string(), z.string()),
});
/** What a machine is: its folder for us, its Python and its GPUs. */
export type Setup = z.infer<typeof setupSchema>;

export interface ColabPlace {
  /** Makes the folder, brings our programs and installs packages; a machine needs it once. */
  readonly setUp: (packages: readonly string[]) => Promise<Setup>;
  /** The archives that the machine lacks. */
  readonly missing: (root: string, names: readonly string[]) => Promise<string[]>;
  /** Brings a file of this machine to a path below the folder. */
  readonly put: (root: string, name: string, file: string) => Promise<void>;
  /** Stays with a job for a while; `onFrame` gets what the machine tells of it. */
  readonly stay: (root: string, order: StayOrder, onFrame: (frame: unknown) => void) => Promise<void>;
  /** Has a stay end soon, and the job be cancelled first if asked to. */
  readonly wake: (orders: string, how: 'cancel' | 'leave') => Promise<void>;
  /** Fetches what a job left, in parts, into one file. */
  readonly fetch: (orders: string, home: Home, file: string) => Promise<void>;
}

export interface StayOrder {
  /** Name of the job's orders. */
  readonly orders: string;
  /** Their text, where they are not there yet. */
  readonly text?: string | undefined;
  readonly start: boolean;
  /** Bytes of each log that are here already. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** What the machine packed of an ended job. */
export interface Home {
  readonly parts: number;
  readonly sha256: string;
}

/** The same folder as the kernel sees it and as the CLI's files do, whose paths begin at the machine's root. */
const folderName = 'nocturne';
const remote = (name: string) => `content/${folderName}/${name}`;
const programs = ['away_job.py', 'colab_machine.py'] as const;
const partBytes = 24 << 20;
const askSeconds = 120;
const fileSeconds = 600;
const installSeconds = 1800;

/** The machine behind a session of the CLI; `folder` is for files on their way. */
export function openPlace(colab: ColabProgram, name: string, folder: string): ColabPlace {
  const session = ['--session', name];

  /** Runs code in the kernel; its frames, of which the last must say that it is done. */
  async function run(code: string, seconds: number, more: RunOptions = {}): Promise<unknown[]> {
    const { onFrame, signal } = more;
    await mkdir(folder, { recursive: true });
    const scratch = await mkdtemp(join(folder, 'cell-'));
    try {
      const file = join(scratch, 'cell.py');
      await writeFile(file, code);
      const frames = onFrame && byLine((line) => framesIn(line).forEach(onFrame));
      // Its own limit ends nothing: it is above ours, so that it does not count.
      const args = ['exec', ...session, '--file', file, '--timeout', String(seconds * 2)];
      const answer = await colab.call(args, seconds, {
        ...(frames && { onOutput: frames }),
        ...(signal && { signal }),
      });
      const found = framesIn(answer.stdout);
      if (answer.exitCode !== 0 || !isDone(found.at(-1))) throw new ColabTrouble(failureOf(answer));
      return found;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /** Has the program that lies there answer an order. */
  function order(root: string, value: unknown, seconds: number, more?: RunOptions): Promise<unknown[]> {
    const path = JSON.stringify(`${root}/colab_machine.py`);
    const said = JSON.stringify(JSON.stringify(value));
    const code = `import json
__nocturne = {}
exec(compile(open(${path}).read(), ${path}, "exec"), __nocturne)
__nocturne["answer"](${JSON.stringify(root)}, json.loads(${said}))
`;
    return run(code, seconds, more);
  }

  async function upload(file: string, name: string, aside = false): Promise<void> {
    const args = ['upload', ...session, file, remote(name)];
    expectGood(await (aside ? colab.aside : colab.call)(args, fileSeconds));
  }

  async function setUp(packages: readonly string[]): Promise<Setup> {
    const [first] = await run(setupCode, askSeconds);
    const setup = setupSchema.parse(first);
    for (const program of programs) {
      const file = packagePath('src', 'python', program);
      const digest = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      if (setup.programs[program] !== digest) await upload(file, program);
    }
    if (packages.length > 0) await run(installCode(packages), installSeconds);
    return setup;
  }

  async function put(root: string, name: string, file: string): Promise<void> {
    const { size } = await stat(file);
    if (size <= partBytes) return upload(file, name);
    const parts = Math.ceil(size / partBytes);
    const part = join(folder, `${name.replaceAll('/', '-')}.part`);
    const source = await open(file);
    try {
      for (let index = 0; index < parts; index++) {
        const { buffer, bytesRead } = await source.read(Buffer.alloc(partBytes), 0, partBytes, index * partBytes);
        await writeFile(part, buffer.subarray(0, bytesRead));
        await upload(part, `${name}.${index}`);
      }
    } finally {
      await source.close();
      await rm(part, { force: true });
    }
    await order(root, { what: 'join', name, bytes: size, parts }, askSeconds);
  }

  return {
    setUp,
    put,
    missing: async (root, names) => {
      const [first] = await order(root, { what: 'missing', names }, askSeconds);
      return z.object({ missing: z.array(z.string()) }).parse(first).missing;
    },
    stay: async (root, { signal, ...rest }, onFrame) => {
      await order(root, { what: 'stay', ...rest }, rest.seconds + askSeconds, { onFrame, ...(signal && { signal }) });
    },
    wake: async (orders, how) => {
      const file = join(folder, `wake-${orders}`);
      await writeFile(file, how);
      await upload(file, `wake/${orders}`, true);
    },
    fetch: async (orders, { parts, sha256 }, file) => {
      const digest = createHash('sha256');
      const whole = await open(file, 'w');
      try {
        for (let index = 0; index < parts; index++) {
          const part = `${file}.${index}`;
          const args = ['download', ...session, remote(`outgoing/${orders}.${index}`), part];
          expectGood(await colab.call(args, fileSeconds));
          const bytes = await readFile(part);
          digest.update(bytes);
          await whole.write(bytes);
          await rm(part, { force: true });
        }
      } finally {
        await whole.close();
      }
      if (digest.digest('hex') !== sha256)
        throw new ColabTrouble({ kind: 'unreachable', why: 'what came home was not whole' });
    },
  };
}

interface RunOptions {
  readonly onFrame?: (frame: unknown) => void;
  readonly signal?: AbortSignal;
}

function expectGood(answer: ColabAnswer): void {
  if (answer.exitCode !== 0) throw new ColabTrouble(failureOf(answer));
}

function isDone(frame: unknown): boolean {
  return typeof frame === 'object' && frame !== null && 'done' in frame;
}

/** Passes whole lines on. */
function byLine(take: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  };
}

/** The CLI has entered the machine's folder for files before. */
const setupCode = `import hashlib, json, os, shutil, subprocess, sys
root = os.path.join(os.getcwd(), "${folderName}")
for name in ("archives", "orders", "outgoing", "wake"):
    os.makedirs(os.path.join(root, name), exist_ok=True)
smi = shutil.which("nvidia-smi")
query = [smi, "--query-gpu=name", "--format=csv,noheader"]
gpus = subprocess.run(query, stdout=subprocess.PIPE, universal_newlines=True).stdout.split("\\n") if smi else []
paths = {name: os.path.join(root, name) for name in ${JSON.stringify(programs)}}
there = {name: hashlib.sha256(open(path, "rb").read()).hexdigest() for name, path in paths.items() if os.path.isfile(path)}
found = {"root": root, "python": sys.version.split()[0], "gpus": [name for name in gpus if name], "programs": there}
print("@nocturne@" + json.dumps(found), flush=True)
print("@nocturne@" + json.dumps({"done": True}), flush=True)
`;

/** uv where the machine has it, as Colab's have, else pip; the CLI's own \`install\` says nothing of a failure by its exit code. */
function installCode(packages: readonly string[]): string {
  return `import json, shutil, subprocess, sys
packages = json.loads(${JSON.stringify(JSON.stringify(packages))})
command = ["uv", "pip", "install", "--system"] if shutil.which("uv") else [sys.executable, "-m", "pip", "install", "--quiet"]
ended = subprocess.run(command + packages, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
if ended.returncode != 0:
    raise SystemExit("cannot install " + " ".join(packages) + ": " + ended.stdout.strip()[-500:])
print("@nocturne@" + json.dumps({"done": True}), flush=True)
`;
}
