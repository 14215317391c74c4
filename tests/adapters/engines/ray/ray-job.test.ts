import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type JobLine, readJobLine } from '../../../../src/adapters/engines/ray/job-lines.ts';
import { partsOf } from '../../../../src/adapters/engines/ray/package-file.ts';
import { bringHome } from '../../../../src/adapters/engines/travel/bring-home.ts';
import { createPacker, type Packer } from '../../../../src/adapters/engines/travel/parcel.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import type { Job } from '../../../../src/ports/engine.ts';
import { interpreter } from '../../../helpers/interpreter.ts';
import { fixtureJob, isAlive, runFolderOf } from '../fixture-job.ts';

interface OnNode {
  readonly job: Job;
  readonly packer: Packer;
  /** What the jobs of the node share. */
  readonly root: string;
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the first line of this kind. */
  readonly said: (kind: JobLine['kind']) => Promise<JobLine>;
  /** All lines, and the exit code, once it has ended. */
  readonly end: () => Promise<{ lines: readonly JobLine[]; code: number | undefined }>;
}

interface NodeOptions {
  readonly gpus?: string;
  readonly outputBytes?: number;
  readonly spoil?: boolean;
  /** What an earlier job of the node left there. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a job as Ray does: with its packages unpacked beside each other. */
async function startOnNode(train: string, options: NodeOptions = {}): Promise<OnNode> {
  const { gpus = '0', outputBytes = 1 << 20, spoil = false, env = {}, root = await temporaryFolder() } = options;
  const study = await temporaryFolder();
  const job = await moveInto(study, await fixtureJob(train));
  const brief = { link: [], env: [], metric: { name: 'val_bpb', goal: 'minimize' as const } };
  const packer = createPacker({ studyFolder: study, root: study, userSandbox: study, brief, python: interpreter });
  const parcel = await packer.pack(job);
  const packages = await temporaryFolder();
  const folders: string[] = [];
  const lay = async (name: string, content: string | Buffer) => {
    const folder = join(packages, String(folders.length));
    folders.push(folder);
    await mkdir(folder);
    await writeFile(join(folder, name), content);
  };
  await lay(parcel.ordersName, parcel.orders);
  for (const { name, file, bytes } of parcel.archives) {
    for (const part of partsOf(file, name, bytes, 20_000))
      await lay(part.name, spoil ? 'x' : await buffer(part.open()));
  }
  const child = execa(
    interpreter,
    [packagePath('src', 'python', 'ray_job.py'), root, 'start-1', parcel.ordersName, gpus, String(outputBytes)],
    { env: { PYTHONPATH: folders.join(':'), ...env }, reject: false, buffer: false, stderr: 'inherit' },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: JobLine[] = [];
  const reader = createInterface({ input: child.stdout });
  const closed = once(reader, 'close');
  reader.on('line', (text) => lines.push(...[readJobLine(text)].flatMap((line) => line ?? [])));
  return {
    job,
    packer,
    root,
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    said: async (kind) => {
      const find = () => lines.find((line) => line.kind === kind);
      await expect.poll(find, { timeout: 20_000 }).toBeDefined();
      const [line] = [find()];
      if (!line) throw new Error('it was there');
      return line;
    },
    end: async () => {
      await closed;
      return { lines, code: (await child).exitCode };
    },
  };
}

/** The job with its folder in a study's, where only a study's jobs are. */
async function moveInto(study: string, job: Job): Promise<Job> {
  const moved: Job = JSON.parse(JSON.stringify(job).replaceAll(job.folder, join(study, job.id)));
  await mkdir(runFolderOf(moved), { recursive: true });
  return moved;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-ray-job-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function filesOf(lines: readonly JobLine[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => (line.kind === 'file' ? [line.bytes] : [])));
}

/** Unpacks what the job sent home; what its result says then. */
async function resultOf({ job, packer }: OnNode, lines: readonly JobLine[]): Promise<unknown> {
  const archive = join(await temporaryFolder(), 'home.tar.gz');
  await writeFile(archive, filesOf(lines));
  expect(await bringHome(archive, await packer.wayHome(job), interpreter)).toBe(true);
  return JSON.parse(await readFile(join(job.folder, 'result.json'), 'utf8'));
}

/** Live processes that have the folder in their environment. */
async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`${folder}/`) && (await isAlive(pid))) found.push(pid);
  }
  return found;
}

describe('a job on a node of a Ray cluster', () => {
  it('prints its log, and all that it leaves', async () => {
    const node = await startOnNode('prints_score');
    const { lines, code } = await node.end();
    expect(code).toBe(0);
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index));
    const log = Buffer.concat(lines.flatMap((line) => (line.kind === 'log' ? [line.bytes] : [])));
    expect(log.toString()).toBe('step=1 loss=2.0 progress=1.0\n---\nval_bpb: 1.5\n');
    expect(lines.at(-1)).toMatchObject({
      kind: 'whole',
      sha256: createHash('sha256').update(filesOf(lines)).digest('hex'),
    });
    expect(await resultOf(node, lines)).toMatchObject({ ending: 'exited', stages: [{ name: 'train', exitCode: 0 }] });
    expect(await readFile(join(runFolderOf(node.job), 'starts'), 'utf8')).toBe('started\n');
  });

  it('leaves nothing of its own on the node, and what jobs share', async () => {
    const node = await startOnNode('prints_score');
    await node.end();
    expect(await readdir(join(node.root, 'starts'))).toEqual([]);
    expect(await readdir(join(node.root, 'places'))).not.toEqual([]);
  });

  it('unpacks what jobs share once, and again where somebody changed it', async () => {
    const { root, end } = await startOnNode('prints_score');
    await end();
    const [place = ''] = (await readdir(join(root, 'places'))).filter((name) => !name.endsWith('.json'));
    const program = join(root, 'places', place, 'python', 'supervisor.py');
    const { ino } = await stat(program);
    expect((await (await startOnNode('prints_score', { root })).end()).code).toBe(0);
    expect((await stat(program)).ino).toBe(ino);
    await writeFile(program, 'raise SystemExit("changed")');
    expect((await (await startOnNode('prints_score', { root })).end()).code).toBe(0);
    expect(await readFile(program, 'utf8')).toBe(await readFile(packagePath('src', 'python', 'supervisor.py'), 'utf8'));
  });

  it('says which stage runs', async () => {
    const node = await startOnNode('hangs');
    expect(await node.said('at')).toMatchObject({ stage: 'train' });
    node.kill('SIGTERM');
    await node.end();
  });

  it('keeps what training saved where that is too much to print, and says so', async () => {
    const node = await startOnNode('prints_score', { outputBytes: 10 });
    const { lines } = await node.end();
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'left' }));
    expect(await resultOf(node, lines)).toMatchObject({ ending: 'exited' });
    expect(await readdir(runFolderOf(node.job))).toEqual([]);
  });

  it('that is stopped ends, and says that it was cancelled', async () => {
    const node = await startOnNode('hangs');
    await node.said('log');
    node.kill('SIGTERM');
    const { lines } = await node.end();
    expect(await resultOf(node, lines)).toMatchObject({ ending: 'cancelled' });
    expect(await processesOf(node.root)).toEqual([]);
  });

  it('whose process is killed ends as well', async () => {
    const node = await startOnNode('hangs');
    await node.said('log');
    expect(await processesOf(node.root)).not.toEqual([]);
    node.kill('SIGKILL');
    await expect.poll(() => processesOf(node.root), { timeout: 20_000 }).toEqual([]);
  });

  it('whose supervisor is killed says so, and leaves no process', async () => {
    const node = await startOnNode('hangs');
    await node.said('at');
    const started = join(node.root, 'starts', 'start-1');
    const { folder } = await node.packer.wayHome(node.job);
    const { pid } = JSON.parse(await readFile(join(started, folder, 'started.json'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    const { lines, code } = await node.end();
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ kind: 'failed', why: 'the supervisor ended with 137 and left no result' });
    expect(await processesOf(node.root)).toEqual([]);
  });

  it.each([
    ['0', ''],
    ['1', '3'],
  ])('that reserved %s GPUs sees the devices %j', async (gpus, devices) => {
    const node = await startOnNode('shows_surroundings', { gpus, env: { CUDA_VISIBLE_DEVICES: '3' } });
    const { lines } = await node.end();
    await resultOf(node, lines);
    const shown = JSON.parse(await readFile(join(node.job.folder, 'train.log'), 'utf8'));
    expect(shown.env.CUDA_VISIBLE_DEVICES).toBe(devices);
  });

  it('that cannot be unpacked says why', async () => {
    const node = await startOnNode('prints_score', { spoil: true });
    const { lines, code } = await node.end();
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining('not a gzip file') });
  });
});
