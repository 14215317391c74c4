/**
 * A real Ray cluster of this machine for tests: a head with two cores, and nodes beside it that can be killed.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface RayCluster {
  readonly address: string;
  /** Adds a node with these resources; resolves when it is up. */
  readonly addNode: (resources?: Readonly<Record<string, number>>, cpus?: number) => Promise<RayNode>;
  /** Ends it as a power cut does, and starts a new head, with these variables, at the same address. */
  readonly restart: (environment?: Readonly<Record<string, string>>) => Promise<void>;
  /** Ends all of its processes. */
  readonly stop: () => Promise<void>;
}

export interface RayNode {
  /** Ends all processes of the node, those of its jobs too, as when its machine is lost. */
  readonly kill: () => Promise<void>;
}

/** A node whose processes are gone is known to be lost in five seconds; one on a busy machine is waited for. */
const health = { RAY_health_check_period_ms: '1000', RAY_health_check_timeout_ms: '60000' };

/** Starts a cluster with the Ray of this python; the caller stops it. */
export async function startRay(python: string, cpus = 2): Promise<RayCluster> {
  const ray = join(dirname(python), 'ray');
  await access(ray);
  // Paths of Ray's sockets have to be short.
  const root = await mkdtemp(join(tmpdir(), 'ray-'));
  const [port, dashboard] = [await freePort(), await freePort()];
  const env = { ...process.env, RAY_DISABLE_DOCKER_CPU_WARNING: '1', RAY_USAGE_STATS_ENABLED: '0', ...health };
  const common = ['--block', '--disable-usage-stats', '--object-store-memory', String(80_000_000)];
  let heads = 0;

  async function startHead(further: Readonly<Record<string, string>> = {}): Promise<Started> {
    heads += 1;
    const own = [
      '--head',
      '--port',
      String(port),
      '--dashboard-host',
      '127.0.0.1',
      '--dashboard-port',
      String(dashboard),
    ];
    const size = ['--num-cpus', String(cpus), '--num-gpus', '2', '--temp-dir', join(root, String(heads))];
    return startNode(ray, [...own, ...size, ...common], { ...env, ...further });
  }

  const nodes: Started[] = [];
  let head = await startHead();
  return {
    address: `http://127.0.0.1:${dashboard}`,
    addNode: async (resources = {}, own = 2) => {
      const node = await startNode(
        ray,
        [
          '--address',
          `127.0.0.1:${port}`,
          '--num-cpus',
          String(own),
          '--resources',
          JSON.stringify(resources),
          ...common,
        ],
        env,
      );
      nodes.push(node);
      return { kill: node.kill };
    },
    restart: async (further) => {
      for (const each of [...nodes.splice(0), head]) await each.kill();
      head = await startHead(further);
    },
    stop: async () => {
      for (const each of [...nodes, head]) await each.kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface Started {
  readonly kill: () => Promise<void>;
}

/** The variable by which all processes of a node are known, also those whose parent is gone. */
const mark = 'NOCTURNE_TEST_RAY';

/** Starts the processes of a node; resolves when it says that it runs. */
async function startNode(ray: string, options: readonly string[], env: NodeJS.ProcessEnv): Promise<Started> {
  const agent = ['--dashboard-agent-listen-port', String(await freePort())];
  const name = randomUUID();
  const child = spawn(ray, ['start', ...options, ...agent], {
    env: { ...env, [mark]: name },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const isUp = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        said += data.toString();
        if (said.includes('Ray runtime started')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`ray start ended: ${said}`)));
  });
  const kill = () => killAll(`${mark}=${name}`);
  await isUp.catch(async (error: unknown) => {
    await kill();
    throw error;
  });
  return { kill };
}

/** Kills all processes with this in their environment, and what they started, until there is none. */
async function killAll(variable: string): Promise<void> {
  for (;;) {
    const found = await processesOf(variable);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await setTimeout(20);
  }
}

async function processesOf(variable: string): Promise<readonly number[]> {
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readProcess));
  const found = all.filter(({ environment }) => environment.includes(variable)).map(({ pid }) => pid);
  for (const each of found) {
    found.push(...all.filter(({ pid, parent }) => parent === each && !found.includes(pid)).map(({ pid }) => pid));
  }
  return found;
}

async function readProcess(name: string) {
  const read = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
  const stat = await read('stat');
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // What is left of an ended one has no environment.
  const environment = state === 'Z' ? [] : (await read('environ')).split('\0');
  return { pid: Number.parseInt(name, 10), parent: Number.parseInt(parent ?? '0', 10), environment };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
