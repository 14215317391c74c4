import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localJobs, readJobEnd } from '../../../../src/adapters/engines/job-files.ts';
import { bringHome } from '../../../../src/adapters/engines/travel/bring-home.ts';
import { createPacker } from '../../../../src/adapters/engines/travel/parcel.ts';
import type { Job } from '../../../../src/ports/engine.ts';
import { otherMachine } from './other-machine.ts';

const train = `
import json, os, sys
seen = {name: os.environ.get(name) for name in ("NOCTURNE_SEED", "NOCTURNE_TREE", "NOCTURNE_PRIVATE_DIR", "TMPDIR", "HOME", "CUDA_VISIBLE_DEVICES", "OWN", "PATH")}
seen["data"] = open(os.path.join(os.environ["NOCTURNE_DATA_DIR"], "numbers.txt")).read()
seen["prepared"] = open("prepared.txt").read()
seen["linked"] = open("linked/big.bin").read()
seen["there"] = os.path.isdir(os.environ["TMPDIR"])
seen["python"] = sys.executable
seen["argument"] = sys.argv[1]
open(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "model.json"), "w").write(json.dumps(seen))
open("result.csv", "w").write("loss,0.5")
print("trained")
`;
const score = `
import os
secret = open(os.path.join(os.environ["NOCTURNE_PRIVATE_DIR"], "secret.txt")).read()
assert os.path.exists(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "model.json"))
print("---")
print("loss:", len(secret))
`;

/** A study with data, a prepared file, a link to a folder of the owner's and one run laid out. */
async function study() {
  const root = await mkdtemp(join(tmpdir(), 'nocturne travel-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const studyFolder = join(root, 'runs', 'one');
  const run = join(studyFolder, '0001', 'run-1');
  const files: Record<string, string> = {
    [join(studyFolder, 'data', 'numbers.txt')]: '1 2 3',
    [join(studyFolder, 'private', 'secret.txt')]: 'answers',
    [join(studyFolder, 'base', 'tree', 'prepared.txt')]: 'tokens',
    [join(root, 'big', 'big.bin')]: 'weights',
    [join(run, 'work', 'train.py')]: train,
    [join(run, 'score', 'score.py')]: score,
    [join(run, 'output', '.keep')]: '',
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
  }
  for (const tree of ['work', 'score']) {
    await mkdir(join(run, 'data', tree), { recursive: true });
    await symlink(join(studyFolder, 'data', 'numbers.txt'), join(run, 'data', tree, 'numbers.txt'));
  }
  await symlink(join(studyFolder, 'base', 'tree', 'prepared.txt'), join(run, 'work', 'prepared.txt'));
  await symlink(join(root, 'big'), join(run, 'work', 'linked'));
  const environment = { PATH: '/here/only:/usr/bin', HOME: '/here/home', OWN: 'flag', CUDA_VISIBLE_DEVICES: '9' };
  const stage = (name: 'train' | 'score', tree: string, more: Record<string, string>) => ({
    name,
    argv: ['/here/venv/bin/python', `${name}.py`, `--data=${join(studyFolder, 'data')}`],
    folder: join(run, tree),
    env: {
      ...environment,
      NOCTURNE_SEED: '7',
      NOCTURNE_TREE: join(run, tree),
      NOCTURNE_RUN_DIR: join(run, 'output'),
      NOCTURNE_DATA_DIR: join(run, 'data', tree),
      TMPDIR: `/tmp/nocturne-abc/${name}`,
      ...more,
    },
  });
  const job: Job = {
    id: '0001/run-1',
    folder: run,
    stages: [
      stage('train', 'work', {}),
      stage('score', 'score', { NOCTURNE_PRIVATE_DIR: join(studyFolder, 'private') }),
    ],
    limitSeconds: 60,
    sealed: [
      { place: join(studyFolder, 'data'), files: { 'numbers.txt': null }, isWhole: false, content: 'written' },
      { place: '/usr/lib/python3', files: { 'os.py': null }, isWhole: false, content: 'written' },
    ],
  };
  const packer = createPacker({
    studyFolder,
    root,
    userSandbox: root,
    brief: { link: ['big'], env: ['OWN'], metric: { name: 'loss', goal: 'minimize', file: 'result.csv' } },
    python: '/here/venv/bin/python',
    packWith: 'python3',
    environment,
  });
  return { root, studyFolder, run, job, packer };
}

async function runThere(
  job: Job,
  packer: Awaited<ReturnType<typeof study>>['packer'],
  other: Awaited<ReturnType<typeof otherMachine>>,
) {
  const parcel = await packer.pack(job);
  await other.send(parcel);
  await other.call('run', parcel.ordersName);
  return bringHome(await other.home(parcel), await packer.wayHome(job), 'python3');
}

describe('a job that runs on another machine', () => {
  it('comes home as if it had run here', async () => {
    const { job, run, packer } = await study();
    const other = await otherMachine({ CUDA_VISIBLE_DEVICES: '1', WANDB_API_KEY: 'hidden' });
    expect(await runThere(job, packer, other)).toBe(true);
    expect(await readJobEnd(job)).toMatchObject({
      kind: 'read',
      value: {
        ending: 'exited',
        stages: [
          { name: 'train', exitCode: 0 },
          { name: 'score', exitCode: 0 },
        ],
      },
    });
    expect(await localJobs.readLogEnd(job, 'score', 100)).toBe('---\nloss: 7\n');
    const seen = JSON.parse(await readFile(join(run, 'output', 'model.json'), 'utf8'));
    expect(seen).toMatchObject({
      NOCTURNE_SEED: '7',
      data: '1 2 3',
      prepared: 'tokens',
      linked: 'weights',
      there: true,
    });
    expect(seen).toMatchObject({
      OWN: 'flag',
      CUDA_VISIBLE_DEVICES: '1',
      HOME: other.root,
      NOCTURNE_PRIVATE_DIR: null,
    });
    expect(seen.NOCTURNE_TREE.startsWith(`${other.root}/jobs/`)).toBe(true);
    expect(seen.argument.startsWith(`--data=${other.root}/places/`)).toBe(true);
    expect(seen.PATH).not.toContain('/here');
    expect(await readFile(join(run, 'work', 'result.csv'), 'utf8')).toBe('loss,0.5');
  });

  it('that changes data there is told so by the path here', async () => {
    const { job, run, studyFolder, packer } = await study();
    await writeFile(
      join(run, 'work', 'train.py'),
      'import os\nopen(os.path.join(os.environ["NOCTURNE_DATA_DIR"], "numbers.txt"), "a").write("4")\n',
    );
    const other = await otherMachine();
    await runThere(job, packer, other);
    expect(await readJobEnd(job)).toMatchObject({ value: { changed: [join(studyFolder, 'data', 'numbers.txt')] } });
    expect(await readFile(join(studyFolder, 'data', 'numbers.txt'), 'utf8')).toBe('1 2 3');
  });

  it('finds the data as they were, whatever an earlier job did to them there', async () => {
    const { job, run, packer } = await study();
    const other = await otherMachine();
    const spoil = 'import os\nopen(os.path.join(os.environ["NOCTURNE_DATA_DIR"], "numbers.txt"), "a").write("4")\n';
    await writeFile(join(run, 'work', 'train.py'), spoil);
    await runThere(job, packer, other);
    await other.call('forget', await packer.ordersName(job));
    await rm(join(run, 'result.json'));
    await writeFile(join(run, 'work', 'train.py'), train);
    await runThere(job, packer, other);
    expect(JSON.parse(await readFile(join(run, 'output', 'model.json'), 'utf8'))).toMatchObject({ data: '1 2 3' });
  });

  it('is started once, however often it is asked to', async () => {
    const { job, run, packer } = await study();
    await writeFile(
      join(run, 'work', 'train.py'),
      'import os\nopen(os.environ["NOCTURNE_RUN_DIR"] + "/starts", "a").write("x")\n',
    );
    const other = await otherMachine();
    const parcel = await packer.pack(job);
    await other.send(parcel);
    await Promise.all([other.call('start', parcel.ordersName), other.call('start', parcel.ordersName)]);
    await expect
      .poll(async () => JSON.parse(await other.call('state', parcel.ordersName)).hasEnded, { timeout: 30_000 })
      .toBe(true);
    await other.call('run', parcel.ordersName);
    await bringHome(await other.home(parcel), await packer.wayHome(job), 'python3');
    expect(await readFile(join(run, 'output', 'starts'), 'utf8')).toBe('x');
  });

  it('is cancelled there, and its log is read from any byte on', async () => {
    const { job, run, packer } = await study();
    await writeFile(join(run, 'work', 'train.py'), 'import time\nprint("begun", flush=True)\ntime.sleep(600)\n');
    const other = await otherMachine();
    const parcel = await packer.pack(job);
    await other.send(parcel);
    await other.call('start', parcel.ordersName);
    await expect.poll(() => other.call('log', parcel.ordersName, 'train', '2'), { timeout: 30_000 }).toBe('gun\n');
    expect(JSON.parse(await other.call('state', parcel.ordersName))).toMatchObject({
      isAlive: true,
      hasEnded: false,
      logs: { train: 6 },
    });
    await other.call('cancel', parcel.ordersName);
    await bringHome(await other.home(parcel), await packer.wayHome(job), 'python3');
    expect(await readJobEnd(job)).toMatchObject({ value: { ending: 'cancelled' } });
  });

  it('takes what only a scorer may see along only where one runs', async () => {
    const { job, packer } = await study();
    const kinds = async (each: Job) => (await packer.pack(each)).archives.map(({ kind }) => kind).toSorted();
    expect(await kinds(job)).toEqual(['data', 'data', 'data', 'job', 'private', 'programs']);
    expect(await kinds({ ...job, stages: job.stages.slice(0, 1) })).not.toContain('private');
  });

  it('sends what is there already only once, by its content', async () => {
    const { job, run, studyFolder, packer } = await study();
    const other = await otherMachine();
    const first = await packer.pack(job);
    expect(await other.send(first)).toHaveLength(6);
    expect(await other.send(await packer.pack(job))).toEqual([]);
    await writeFile(join(run, 'work', 'train.py'), 'print(2)\n');
    const second = await packer.pack(job);
    expect(await other.send(second)).toEqual([second.archives.find(({ kind }) => kind === 'job')?.name]);
    await writeFile(join(studyFolder, 'data', 'numbers.txt'), '1 2 3 4');
    expect(await other.send(await packer.pack(job))).toHaveLength(2);
  });

  it.each(['away.json', 'ray.json', 'skypilot.json'])('leaves what is remembered of it in %s here', async (file) => {
    const { job, run, packer } = await study();
    const first = await packer.pack(job);
    await writeFile(join(run, file), '{"name":"nocturne-0001-run-1-3fa9c2"}');
    expect((await packer.pack(job)).archives).toEqual(first.archives);
  });
});

describe('what comes home', () => {
  it('an archive that was cut short counts for nothing', async () => {
    const { job, packer } = await study();
    const other = await otherMachine();
    const parcel = await packer.pack(job);
    await other.send(parcel);
    await other.call('run', parcel.ordersName);
    const file = await other.home(parcel);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 40));
    expect(await bringHome(file, await packer.wayHome(job), 'python3')).toBe(false);
    expect((await readJobEnd(job)).kind).toBe('absent');
  });

  it('is not written through a link, nor out of the places that it may come to', async () => {
    const { root, job, run, packer } = await study();
    const other = await otherMachine();
    await writeFile(
      join(run, 'work', 'train.py'),
      'import os\nout = os.environ["NOCTURNE_RUN_DIR"]\nos.mkdir(out + "/inner")\nopen(out + "/inner/x", "w").write("there")\nos.symlink("/etc/passwd", out + "/leak")\nos.symlink("inner/x", out + "/own")\n',
    );
    await symlink(join(root, 'big'), join(run, 'output', 'inner'));
    const parcel = await packer.pack(job);
    await rm(join(run, 'output', 'inner'));
    const bare = await packer.pack(job);
    await other.send(bare);
    await other.call('run', bare.ordersName);
    await symlink(join(root, 'big'), join(run, 'output', 'inner'));
    expect(await bringHome(await other.home(bare), await packer.wayHome(job), 'python3')).toBe(true);
    expect(parcel.ordersName).toBe(bare.ordersName);
    await expect(readFile(join(root, 'big', 'x'))).rejects.toThrow();
    expect(await readFile(join(run, 'output', 'own'), 'utf8')).toBe('there');
    await expect(readFile(join(run, 'output', 'leak'))).rejects.toThrow();
  });
});
