/** A machine of the stand-in for Colab: a real Jupyter server on loopback whose root is a folder, with `content/` in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface ColabMachine {
  readonly endpoint: string;
  readonly folder: string;
  /** Where its Jupyter server listens. */
  readonly port: number;
  /** Ends it with all that runs on it, at once, as a machine that is taken away. */
  readonly vanish: () => void;
}

/** The variable by which all processes of a machine are known. */
const mark = 'COLAB_STAND_IN';

/** Starts one; resolves when its server answers. */
export async function startMachine(python: string, endpoint: string, folder: string): Promise<ColabMachine> {
  const content = join(folder, 'content');
  mkdirSync(content, { recursive: true });
  const ipython = join(folder, 'ipython', 'profile_default', 'startup');
  mkdirSync(ipython, { recursive: true });
  // The CLI makes /content and enters it before each execution: here that is a folder of the machine.
  writeFileSync(join(ipython, 'content.py'), contentElsewhere(content));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    IPYTHONDIR: join(folder, 'ipython'),
    JUPYTER_CONFIG_DIR: join(folder, 'jupyter'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
    [mark]: endpoint,
  };
  const options = [
    '--no-browser',
    '--allow-root',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${folder}`,
    '--ServerApp.disable_check_xsrf=True',
    '--ServerApp.allow_remote_access=True',
    '--ServerApp.allow_origin=*',
    '--IdentityProvider.token=',
  ];
  const server = spawn(python, ['-m', 'jupyter_server', ...options], { env, stdio: 'ignore', detached: true });
  await untilUp(port, server);
  // What runs there has an environment of its own, with paths of the machine.
  return { endpoint, folder, port, vanish: () => endAll([`${mark}=${endpoint}`, `NOCTURNE_RUN_DIR=${folder}/`]) };
}

function contentElsewhere(content: string): string {
  return `import os
def elsewhere(ask):
    return lambda path, *rest, **named: ask(${JSON.stringify(content)} if path == '/content' else path, *rest, **named)
os.makedirs, os.chdir = elsewhere(os.makedirs), elsewhere(os.chdir)
`;
}

async function untilUp(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/api`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(20);
  }
  throw new Error('jupyter_server did not start');
}

/** Kills every process of the machine, and looks again until none is left. */
function endAll(marks: readonly string[]): void {
  for (;;) {
    const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && marks.some((each) => carries(name, each)));
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    }
  }
}

function carries(pid: string, beginning: string): boolean {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return entries.some((entry) => entry.startsWith(beginning));
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
