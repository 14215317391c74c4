/**
 * A real Ray cluster of this machine for tests: a head with two cores, and nodes beside it that can be killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { enginePython } from './engine-python.ts';

export interface RayCluster {
  readonly address: string;
  /** Adds a node with these resources; resolves when it is up. */
  readonly addNode: (resources: Readonly<Record<string, number>>) => Promise<RayNode>;
  /** Ends it as a power cut does, and starts a new head, with these variables, at the same address. */
  readonly restart: (environment?: Readonly<Record<string, string>>) => Promise<void>;
  /** Ends all of its processes. */
  readonly stop: () => Promise<void>;
}

export interface RayNode {
  /** Ends all processes of the node but those of its jobs, as when its machine is lost. */
  readonly kill: () => Promise<void>;
}

/** Starts a cluster; the caller stops it. */
export async function startRay(cpus = 2): Promise<RayCluster> {
  const ray = join(dirname(enginePython()), 'ray');
  await access(ray);
  // Paths of Ray's sockets have to be short.
  const root = await mkdtemp(join(tmpdir(), 'ray-'));
  const [port, dashboard] = [await freePort(), await freePort()];
  const env = { ...process.env, RAY_DISABLE_DOCKER_CPU_WARNING: '1', RAY_USAGE_STATS_ENABLED: '0' };
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
    addNode: async (resources) => {
      const node = await startNode(
        ray,
        ['--address', `127.0.0.1:${port}`, '--num-cpus', '2', '--resources', JSON.stringify(resources), ...common],
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

/** Starts the processes of a node; resolves when it says that it runs. */
async function startNode(ray: string, options: readonly string[], env: NodeJS.ProcessEnv): Promise<Started> {
  const agent = ['--dashboard-agent-listen-port', String(await freePort())];
  const child = spawn(ray, ['start', ...options, ...agent], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
  await isUp;
  return { kill: () => killTree(child) };
}

/** Kills a process and all that it started, children first found, and waits for it. */
async function killTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  for (const pid of [child.pid, ...(await descendants(child.pid))]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  await exited;
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent !== undefined) parents.set(Number.parseInt(name, 10), Number.parseInt(parent, 10));
  }
  const found = [root];
  for (const each of found) found.push(...[...parents].flatMap(([pid, parent]) => (parent === each ? [pid] : [])));
  return found.slice(1);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
