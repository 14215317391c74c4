import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  createRunFolders,
  type FileRunFolders,
  type RunFolderOptions,
} from '../../../src/adapters/run-folders/file-run-folders.ts';
import { BriefError, SettingsError, StudyError } from '../../../src/core/base/errors.ts';
import type { Brief } from '../../../src/core/brief/brief.ts';
import type { Engine, Job, JobEnd, Stage } from '../../../src/ports/engine.ts';
import type { RunKey } from '../../../src/ports/run-folders.ts';
import {
  createMemoryWorkspace,
  createScriptedEngine,
  type ScriptedRun,
  scriptedBrief,
} from '../../../src/testing/index.ts';
import { spoilings } from '../../helpers/spoil.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const files = {
  'README.md': 'not for runs\n',
  'lab/train.py': 'LR = 0.1\n',
  'lab/prepare.py': 'fixed\n',
  'lab/score.py': 'fixed too\n',
  'lab/tools/helper.py': 'x = 1\n',
  'common/lib.py': 'y = 1\n',
};

interface World {
  readonly folders: FileRunFolders;
  readonly engine: Engine;
  readonly studyFolder: string;
  readonly userSandbox: string;
  readonly start: string;
  readonly key: RunKey;
  readonly reopen: (engine?: Engine) => FileRunFolders;
  /** As a later session finds it whose study lies elsewhere. */
  readonly reopenAt: (studyFolder: string) => FileRunFolders;
}

const silent = { log: {}, end: undefined };

/** `run` is what a submitted job does: by default it runs on and prints nothing. */
function createWorld(
  brief: Partial<Brief> = {},
  environment: Record<string, string> = {},
  run: ScriptedRun = silent,
): World {
  const whole: Brief = { ...scriptedBrief, sandbox: 'lab', include: ['common'], ...brief };
  const workspace = createMemoryWorkspace({
    files,
    sandbox: 'lab',
    edit: ['train.py'],
    include: ['common'],
    tag: 'nov23',
  });
  const studyFolder = join(temporaryFolder(), 'runs', 'nov23');
  const userSandbox = temporaryFolder();
  const engine = createScriptedEngine(() => run);
  const options: RunFolderOptions = {
    engine,
    brief: whole,
    studyFolder,
    sandboxInRepository: 'lab',
    userSandbox,
    workspace,
    interpreter: '/venv/bin/python',
    environment,
  };
  const open = (by: Engine = engine) => createRunFolders({ ...options, engine: by });
  const key = { experiment: 7, run: 1, seed: 42, commit: workspace.start };
  const reopenAt = (folder: string) => createRunFolders({ ...options, studyFolder: folder });
  return { folders: open(), engine, studyFolder, userSandbox, start: workspace.start, key, reopen: open, reopenAt };
}

/** Does what `prepare` would, in the folder where it runs. */
async function prepare(
  { folders, start }: World,
  work: (sandbox: string) => void = () => {},
): Promise<Job | undefined> {
  const job = await folders.layBase(start);
  work(job?.stages[0]?.folder ?? '');
  await folders.sealBase();
  return job;
}

const prepared = { prepare: ['python', 'prepare.py'] };
const scored = { score: ['python', 'score.py'] };
const ended: JobEnd = { ending: 'exited', stages: [], seconds: 1 };
const sandboxOf = (job: Job, stage = 0) => job.stages[stage]?.folder ?? '';
const changeOf = async ({ folders, key }: World) => (await folders.outputs(key)).changed;

describe('a run folder', () => {
  it('holds the sandbox and the included paths of the commit, and nothing else', async () => {
    const world = createWorld();
    await prepare(world);
    const job = await world.folders.lay(world.key);
    expect(job.folder).toBe(join(world.studyFolder, '0007', 'run-1'));
    const tree = readdirSync(join(job.folder, 'work'), { recursive: true }).map(String).sort();
    expect(tree).toEqual(
      [
        'common',
        'common/lib.py',
        'lab',
        'lab/prepare.py',
        'lab/score.py',
        'lab/tools',
        'lab/tools/helper.py',
        'lab/train.py',
      ].sort(),
    );
  });

  it('is described as a job, with commands, places, seed and budget', async () => {
    const world = createWorld(scored, { PATH: '/bin', OPENAI_API_KEY: 'secret', HF_TOKEN: 'secret', CUDA_HOME: '/c' });
    await prepare(world);
    const { id, folder, stages, limitSeconds } = await world.folders.lay(world.key);
    const own = (stage: string) => expect.stringMatching(new RegExp(`/nocturne-[0-9a-f]{12}/${stage}$`));
    const compiled = (place: string) => expect.stringContaining(place);
    const caches = (place: string) => ({
      TORCHINDUCTOR_CACHE_DIR: compiled(place),
      TRITON_CACHE_DIR: compiled(place),
      TORCH_EXTENSIONS_DIR: compiled(place),
      CUDA_CACHE_PATH: compiled(place),
      NUMBA_CACHE_DIR: compiled(place),
      CUPY_CACHE_DIR: compiled(place),
    });
    const common = {
      PATH: '/venv/bin:/bin',
      CUDA_HOME: '/c',
      PYTHONUNBUFFERED: '1',
      NOCTURNE_SEED: '42',
      NOCTURNE_BUDGET_SECONDS: '5',
      GIT_CEILING_DIRECTORIES: folder,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      NOCTURNE_RUN_DIR: join(folder, 'output'),
      NOCTURNE_CHECKOUTS: `${join(world.studyFolder, 'base', 'tree')}:${dirname(world.userSandbox)}`,
      NOCTURNE_EDITABLE: 'lab/train.py',
      PYTHONPATH: expect.stringMatching(/startup$/),
    };
    const ownTree = (tree: string, stage: string) => ({
      NOCTURNE_TREE: join(folder, tree),
      NOCTURNE_IMPORTS: join(folder, `${stage}-imports.tsv`),
    });
    expect([id, limitSeconds]).toEqual(['0007/run-1', 20]);
    expect(stages).toEqual([
      {
        name: 'train',
        argv: ['/venv/bin/python', 'train.py'],
        folder: join(folder, 'work', 'lab'),
        env: {
          ...common,
          ...ownTree('work', 'train'),
          NOCTURNE_DATA_DIR: join(folder, 'data', 'work'),
          PYTHONDONTWRITEBYTECODE: '1',
          ...caches(join(folder, 'caches')),
          TMPDIR: own('train'),
          TEMP: own('train'),
          TMP: own('train'),
        },
        noted: expect.any(String),
        watched: ['train.py'],
      },
      {
        name: 'score',
        argv: ['/venv/bin/python', 'score.py'],
        folder: join(folder, 'score', 'lab'),
        env: {
          ...common,
          ...ownTree('score', 'score'),
          NOCTURNE_DATA_DIR: join(folder, 'data', 'score'),
          NOCTURNE_PRIVATE_DIR: join(world.studyFolder, 'private'),
          NOCTURNE_SPLIT: 'validation',
          ...caches('/score/caches/'),
          TMPDIR: own('score'),
          TEMP: own('score'),
          TMP: own('score'),
          PYTHONPYCACHEPREFIX: expect.stringMatching(/\/score\/bytecode$/),
          PYTHONDONTWRITEBYTECODE: '1',
        },
        watched: ['train.py'],
        noted: String.raw`\n\[\d+ answers\]`,
      },
    ]);
  });

  it.each([
    ['running', silent],
    ['ended', { log: {}, end: ended }],
  ])('is laid out anew when the run was not started, and left alone when it is %s', async (_, run) => {
    const world = createWorld({}, {}, run);
    await prepare(world);
    const job = await world.folders.lay(world.key);
    writeFileSync(join(sandboxOf(job), 'litter'), '');
    await world.folders.lay(world.key);
    expect(existsSync(join(sandboxOf(job), 'litter'))).toBe(false);
    await world.engine.submit(job);
    writeFileSync(join(sandboxOf(job), 'work-of-the-run'), '');
    // What the supervisor was told to look at is known to it, and to nobody who asks later.
    const again = await world.reopen().lay(world.key);
    expect(again).toMatchObject({ id: job.id, folder: job.folder, limitSeconds: job.limitSeconds });
    expect([job.sealed, again.sealed]).toEqual([expect.any(Array), undefined]);
    expect(existsSync(join(sandboxOf(job), 'work-of-the-run'))).toBe(true);
  });
});

describe('what prepare left behind', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld({ ...prepared, ...scored });
  });

  const leave = (sandbox: string) => {
    mkdirSync(join(sandbox, 'data', 'deep'), { recursive: true });
    writeFileSync(join(sandbox, 'data', 'deep', 'tokens.bin'), 'tokens');
    writeFileSync(join(sandbox, 'tools', 'vocab.json'), '{}');
  };

  it('is shown in each tree of each run: folders of its own, with links to the files', async () => {
    const base = await prepare(world, leave);
    const job = await world.folders.lay(world.key);
    for (const sandbox of [sandboxOf(job, 0), sandboxOf(job, 1)]) {
      const file = join('data', 'deep', 'tokens.bin');
      expect(readlinkSync(join(sandbox, file))).toBe(join(sandboxOf(base as Job), file));
      expect(lstatSync(join(sandbox, 'data', 'deep')).isDirectory()).toBe(true);
      expect(readFileSync(join(sandbox, 'data', 'deep', 'tokens.bin'), 'utf8')).toBe('tokens');
      expect(lstatSync(join(sandbox, 'tools')).isDirectory()).toBe(true);
      expect(lstatSync(join(sandbox, 'tools', 'vocab.json')).isSymbolicLink()).toBe(true);
    }
  });

  it('has no bytecode of Python, which the first run to import the same module would write anew', async () => {
    const importHelper = (stage: Stage | undefined) =>
      execFileSync('python3', ['-c', 'import tools.helper'], {
        cwd: stage?.folder,
        env: { ...stage?.env, PATH: process.env.PATH },
      });
    importHelper((await world.folders.layBase(world.start))?.stages[0]);
    await world.folders.sealBase();
    const job = await world.folders.lay(world.key);
    utimesSync(join(sandboxOf(job), 'tools', 'helper.py'), 1, 1);
    importHelper(job.stages[0]);
    expect(await changeOf(world)).toBeUndefined();
  });

  it('is prepared once, also for a session that comes later', async () => {
    const job = await prepare(world, leave);
    expect(job).toMatchObject({ id: 'base', stages: [{ name: 'prepare', argv: ['/venv/bin/python', 'prepare.py'] }] });
    expect(job?.stages[0]?.env).toMatchObject({
      NOCTURNE_DATA_DIR: join(world.studyFolder, 'data'),
      NOCTURNE_PRIVATE_DIR: join(world.studyFolder, 'private'),
    });
    expect(await world.reopen().layBase(world.start)).toBeUndefined();
    await world.reopen().sealBase();
  });

  /** `prepare` as far as an earlier session came with it. */
  const submitBase = async ({ folders, engine, start }: World): Promise<Job> => {
    const job = await folders.layBase(start);
    if (!job) throw new Error('there is something to prepare');
    leave(sandboxOf(job));
    await engine.submit(job);
    return job;
  };

  it('is thrown away when it did not end well', async () => {
    const failing = createWorld({ ...prepared, ...scored }, {}, { log: {}, end: ended });
    const job = await submitBase(failing);
    await failing.reopen().layBase(failing.start);
    expect(existsSync(join(sandboxOf(job), 'data'))).toBe(false);
  });

  it('is thrown away when the machine went down meanwhile', async () => {
    const job = await submitBase(world);
    const poll = async () => ({ kind: 'lost', reason: 'its supervisor is gone and left no result' }) as const;
    await world.reopen({ ...world.engine, poll }).layBase(world.start);
    expect(existsSync(join(sandboxOf(job), 'data'))).toBe(false);
    expect(await world.engine.wasStarted(job)).toBe(false);
  });

  it('is left to a preparation that is still at work', async () => {
    const job = await submitBase(world);
    expect(await world.reopen().layBase(world.start)).toEqual(job);
    expect(existsSync(join(sandboxOf(job), 'data'))).toBe(true);
  });

  it('is put back when it changed between two sessions', async () => {
    const base = await prepare(world, leave);
    const tokens = join(sandboxOf(base as Job), 'data', 'deep', 'tokens.bin');
    writeFileSync(tokens, 'TOKENS');
    const later = world.reopen();
    await later.lay(world.key);
    expect(readFileSync(tokens, 'utf8')).toBe('tokens');
    expect(later.dataRemarks?.()).toMatchObject([
      { message: expect.stringMatching(/tokens\.bin changed; it is put back/) },
    ]);
  });

  it('is prepared anew when it changed and no copy is left', async () => {
    const base = await prepare(world, leave);
    writeFileSync(join(sandboxOf(base as Job), 'data', 'deep', 'tokens.bin'), 'TOKENS');
    rmSync(join(world.studyFolder, 'base', 'kept'), { recursive: true });
    const later = world.reopen();
    await expect(later.lay(world.key)).rejects.toThrow(StudyError);
    expect(await world.reopen().layBase(world.start)).toMatchObject({ id: 'base' });
  });

  it('may be touched without being changed', async () => {
    const base = await prepare(world, leave);
    utimesSync(join(sandboxOf(base as Job), 'data', 'deep', 'tokens.bin'), 1, 1);
    await world.folders.lay(world.key);
    expect(await changeOf(world)).toBeUndefined();
  });
});

describe('the seal of what prepare left behind', () => {
  let world: World;
  beforeEach(async () => {
    world = createWorld({ ...prepared, ...scored });
    await prepare(world, (sandbox) => writeFileSync(join(sandbox, 'tokens.bin'), 'tokens'));
  });
  const sealOf = ({ studyFolder }: World) => join(studyFolder, 'base', 'sealed.json');
  interface SealedFolder {
    readonly folder: string;
    readonly names: string[];
    readonly ctimes: number[];
    readonly sizes: number[];
    readonly hashes: [number, string][];
  }
  /** The marks of a root as earlier versions wrote them: an object for each path. */
  const marksOf = (sealed: unknown) => {
    const marks = (sealed as SealedFolder[]).flatMap(({ folder, names, ctimes, sizes, hashes }) =>
      names.map((name, row) => {
        const hash = hashes.find(([at]) => at === row)?.[1];
        return [folder === '' ? name : join(folder, name), { ctime: ctimes[row], size: sizes[row], hash }];
      }),
    );
    return Object.fromEntries(marks);
  };

  it.each(spoilings)('is put back when a run left %s in its place, and the run is void', async (_, spoil) => {
    const before = readFileSync(sealOf(world), 'utf8');
    await world.folders.lay(world.key);
    spoil(sealOf(world));
    expect(await changeOf(world)).toBe('base/sealed.json');
    expect(readFileSync(sealOf(world), 'utf8')).toBe(before);
    await world.folders.lay({ ...world.key, run: 2 });
    expect((await world.folders.outputs({ ...world.key, run: 2 })).changed).toBeUndefined();
  });

  it('is put back when a run removed it with all that was prepared', async () => {
    await world.folders.lay(world.key);
    rmSync(join(world.studyFolder, 'base'), { recursive: true });
    expect(await changeOf(world)).toBe('base/sealed.json');
    await expect(world.folders.lay({ ...world.key, run: 2 })).rejects.toThrow(/prepared data changed/);
  });

  it.each(spoilings)(
    'that %s replaced while no controller ran is one sentence',
    { timeout: 20_000 },
    async (_, spoil) => {
      spoil(sealOf(world));
      const later = world.reopen();
      expect(await later.layBase(world.start)).toBeUndefined();
      const refusal: unknown = await later.readSeal().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(SettingsError);
      const { message, hint } = refusal as SettingsError;
      expect(message).toMatch(
        /^[^\n]*sealed\.json must say [^\n]*, found (a folder|a pipe or a device|no JSON|JSON of [^\n]*)\.$/,
      );
      expect(hint).toContain('--tag');
    },
  );

  it.each(['this version', 'an earlier version'])('of %s holds where the study was moved to', async (version) => {
    const folder = join(temporaryFolder(), 'moved');
    if (version === 'an earlier version') {
      const { fixed, ...seal } = JSON.parse(readFileSync(sealOf(world), 'utf8'));
      const whole = Object.entries(fixed).map(([path, sealed]) => [resolve(world.studyFolder, path), marksOf(sealed)]);
      writeFileSync(sealOf(world), JSON.stringify({ ...seal, fixed: Object.fromEntries(whole) }));
    }
    renameSync(world.studyFolder, folder);
    const moved = world.reopenAt(folder);
    await moved.lay(world.key);
    expect(moved.dataRemarks?.()).toEqual([]);
    writeFileSync(join(folder, 'private', 'answers'), '2');
    const later = world.reopenAt(folder);
    await later.lay({ ...world.key, run: 2 });
    expect(later.dataRemarks?.()).toMatchObject([{ message: expect.stringMatching(/private\/answers is new/) }]);
    expect(existsSync(join(folder, 'private', 'answers'))).toBe(false);
  });

  it('is not made from a list of files that prepare has written over', async () => {
    const spoiled = createWorld(prepared);
    const job = await spoiled.folders.layBase(spoiled.start);
    writeFileSync(join(job?.folder ?? '', 'tracked.json'), '{}');
    await expect(spoiled.folders.sealBase()).rejects.toThrow(
      /tracked\.json must list .*, found JSON of another shape\.$/,
    );
    expect(existsSync(sealOf(spoiled))).toBe(false);
  });
});

describe('linked paths', () => {
  it('are links to the user’s own files, in folders of the run', async () => {
    const world = createWorld({ link: ['data/big', 'weights.bin'] });
    mkdirSync(join(world.userSandbox, 'data', 'big'), { recursive: true });
    writeFileSync(join(world.userSandbox, 'data', 'big', 'x'), 'big');
    writeFileSync(join(world.userSandbox, 'weights.bin'), 'w');
    await prepare(world);
    const sandbox = sandboxOf(await world.folders.lay(world.key));
    expect(readlinkSync(join(sandbox, 'data', 'big', 'x'))).toBe(join(world.userSandbox, 'data', 'big', 'x'));
    expect(readFileSync(join(sandbox, 'weights.bin'), 'utf8')).toBe('w');
  });

  it('that do not exist are an error before anything is run', async () => {
    const world = createWorld({ link: ['data'] });
    await expect(world.folders.layBase(world.start)).rejects.toThrow(BriefError);
    await expect(world.folders.layBase(world.start)).rejects.toThrow(/links `data`, but there is no/);
  });

  it('that are tracked too are what the commit says', async () => {
    const world = createWorld({ link: ['tools'] });
    mkdirSync(join(world.userSandbox, 'tools'));
    await prepare(world);
    const sandbox = sandboxOf(await world.folders.lay(world.key));
    expect(readFileSync(join(sandbox, 'tools', 'helper.py'), 'utf8')).toBe('x = 1\n');
  });

  it('that a run changed void it', async () => {
    const world = createWorld({ link: ['data'] });
    mkdirSync(join(world.userSandbox, 'data'));
    writeFileSync(join(world.userSandbox, 'data', 'x'), 'big');
    await prepare(world);
    const sandbox = sandboxOf(await world.folders.lay(world.key));
    writeFileSync(join(sandbox, 'data', 'x'), 'BIG');
    expect(await changeOf(world)).toBe(join(world.userSandbox, 'data', 'x'));
  });
});

describe('a run is void when it changed', () => {
  const cases: readonly (readonly [string, (job: Job, world: World) => void, RegExp])[] = [
    ['a fixed file', (job) => writeFileSync(join(sandboxOf(job), 'prepare.py'), 'easy\n'), /^lab\/prepare\.py$/],
    ['an included file', (job) => writeFileSync(join(job.folder, 'work/common/lib.py'), ''), /^common\/lib\.py$/],
    ['a fixed file into a link', (job) => relink(join(sandboxOf(job), 'prepare.py')), /^lab\/prepare\.py$/],
    ['a fixed file by removing it', (job) => rmSync(join(sandboxOf(job), 'score.py')), /^lab\/score\.py$/],
    ["the scorer's tree", (job) => writeFileSync(join(sandboxOf(job, 1), 'score.py'), 'easy\n'), /^lab\/score\.py$/],
    [
      "the editable file in the scorer's tree",
      (job) => writeFileSync(join(sandboxOf(job, 1), 'train.py'), ''),
      /train\.py$/,
    ],
    [
      "the scorer's tree by adding to it",
      (job) => writeFileSync(join(sandboxOf(job, 1), 'numpy.py'), ''),
      /^lab\/numpy\.py$/,
    ],
    ['the prepared data', (_, { studyFolder }) => writeFileSync(join(studyFolder, 'data', 'x'), 'X'), /data\/x$/],
    ['the private data', (_, { studyFolder }) => writeFileSync(join(studyFolder, 'private', 'y'), 'Y'), /private\/y$/],
    [
      'the prepared data by adding to it',
      (_, { studyFolder }) => writeFileSync(join(studyFolder, 'data', 'z'), ''),
      /data\/z$/,
    ],
  ];

  it.each(cases)('%s', async (_, change, name) => {
    const world = createWorld({ ...prepared, ...scored });
    await prepare(world, () => {
      writeFileSync(join(world.studyFolder, 'data', 'x'), 'x');
      writeFileSync(join(world.studyFolder, 'private', 'y'), 'y');
    });
    const job = await world.folders.lay(world.key);
    change(job, world);
    expect(await changeOf(world)).toMatch(name);
  });

  it('and also when a later session adopts it', async () => {
    const world = createWorld(scored);
    await prepare(world);
    const job = await world.folders.lay(world.key);
    writeFileSync(join(sandboxOf(job), 'prepare.py'), 'easy\n');
    expect((await world.reopen().outputs(world.key)).changed).toBe('lab/prepare.py');
  });

  it('or when it removed what tells', async () => {
    const world = createWorld(scored);
    await prepare(world);
    const job = await world.folders.lay(world.key);
    rmSync(join(job.folder, 'trees.json'));
    expect((await world.reopen().outputs(world.key)).changed).toBe('trees.json');
  });

  it.each(spoilings)('or when it left %s in place of what tells', { timeout: 20_000 }, async (_, spoil) => {
    const world = createWorld(scored);
    await prepare(world);
    const job = await world.folders.lay(world.key);
    spoil(join(job.folder, 'trees.json'));
    expect((await world.reopen().outputs(world.key)).changed).toBe('trees.json');
    expect(await changeOf(world)).toBe('trees.json');
  });
});

it.each([
  ['bytecode of its own', (job: Job) => mkdirSync(join(sandboxOf(job), '__pycache__'))],
  ["bytecode in the scorer's tree", (job: Job) => cachePython(sandboxOf(job, 1))],
  ['files of its own', (job: Job) => writeFileSync(join(sandboxOf(job), 'checkpoint.npz'), '')],
  ['the editable file', (job: Job) => writeFileSync(join(sandboxOf(job), 'train.py'), 'LR = 9\n')],
  ['its output', (job: Job) => writeFileSync(join(job.folder, 'output', 'weights.npz'), '')],
])('a run may write %s', async (_, write) => {
  const world = createWorld({ ...prepared, ...scored });
  await prepare(world);
  write(await world.folders.lay(world.key));
  expect(await changeOf(world)).toBeUndefined();
});

const lock = (path: string, mode: number) => {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'x'), '');
  chmodSync(path, mode);
};

// Root may do everything, and so cannot be locked out.
describe.skipIf(process.getuid?.() === 0)('rights that a run took away', () => {
  it.each([
    ['a folder of its own', (job: Job) => lock(join(sandboxOf(job), 'cache'), 0o555), undefined],
    ['a folder of its own, altogether', (job: Job) => lock(join(sandboxOf(job), 'cache'), 0), undefined],
    ['a folder of fixed files', (job: Job) => lock(join(sandboxOf(job), 'tools'), 0), 'lab/tools/helper.py'],
    ['a fixed file', (job: Job) => chmodSync(join(sandboxOf(job), 'prepare.py'), 0), 'lab/prepare.py'],
    ["a folder of the scorer's tree", (job: Job) => lock(join(sandboxOf(job, 1), 'tools'), 0), 'lab/tools/helper.py'],
  ])('from %s neither hold up the study nor the next run', async (_, spoil, changed) => {
    const world = createWorld(scored);
    await prepare(world);
    const job = await world.folders.lay(world.key);
    spoil(job);
    expect(await changeOf(world)).toBe(changed);
    await world.folders.lay(world.key);
    spoil(job);
    await world.folders.discard(7);
    expect(existsSync(join(job.folder, 'work'))).toBe(false);
  });
});

describe('outputs', () => {
  it('are the logs and metrics.json, as they are', async () => {
    const world = createWorld(scored, {}, { log: { train: 'Größe\n', score: '---\n' }, end: ended });
    await prepare(world);
    const job = await world.folders.lay(world.key);
    await world.engine.submit(job);
    writeFileSync(join(job.folder, 'output', 'metrics.json'), '{}');
    expect(await world.folders.outputs(world.key)).toEqual({
      trainLog: 'Größe\n',
      scoreLog: '---\n',
      metricsJson: '{}',
      changed: undefined,
    });
  });

  it('that are absent are empty, and a scorer’s only where the brief has one', async () => {
    const world = createWorld();
    await prepare(world);
    await world.folders.lay(world.key);
    expect(await world.folders.outputs(world.key)).toEqual({
      trainLog: '',
      scoreLog: undefined,
      metricsJson: undefined,
      changed: undefined,
    });
  });

  it('are read from their end when they are long', async () => {
    const train = `${'x'.repeat(3 << 20)}\n---\nval_bpb: 1.5\n`;
    const world = createWorld({}, {}, { log: { train }, end: ended });
    await prepare(world);
    await world.engine.submit(await world.folders.lay(world.key));
    const { trainLog } = await world.folders.outputs(world.key);
    expect(trainLog).toHaveLength(1 << 20);
    expect(trainLog.endsWith('val_bpb: 1.5\n')).toBe(true);
  });

  it('that are folders, or links to nowhere, are absent', async () => {
    const world = createWorld();
    await prepare(world);
    const { folder } = await world.folders.lay(world.key);
    symlinkSync('/nowhere', join(folder, 'output', 'metrics.json'));
    expect(await world.folders.outputs(world.key)).toMatchObject({ trainLog: '', metricsJson: undefined });
    rmSync(join(folder, 'output', 'metrics.json'));
    mkdirSync(join(folder, 'output', 'metrics.json'));
    expect(await world.folders.outputs(world.key)).toMatchObject({ trainLog: '', metricsJson: undefined });
  });
});

describe('discarding an experiment', () => {
  it('removes trees and weights of all its runs, and keeps logs, results and what people read', async () => {
    const world = createWorld(scored);
    await prepare(world);
    const second = { ...world.key, run: 2 };
    for (const key of [world.key, second]) {
      const { folder } = await world.folders.lay(key);
      for (const name of ['train.log', 'score.log', 'started.json', 'result.json'])
        writeFileSync(join(folder, name), '');
    }
    const experiment = join(world.studyFolder, '0007');
    writeFileSync(join(experiment, 'patch.diff'), '');
    await world.folders.discard(7);
    await world.folders.discard(7);
    await world.folders.discard(8);
    expect(readdirSync(experiment).sort()).toEqual(['patch.diff', 'run-1', 'run-2']);
    for (const run of ['run-1', 'run-2']) {
      const left = readdirSync(join(experiment, run));
      expect(left).toEqual(expect.arrayContaining(['train.log', 'score.log', 'started.json', 'result.json']));
      for (const gone of ['work', 'score', 'output']) expect(left).not.toContain(gone);
    }
  });

  it('does not follow links out of the run folder', async () => {
    const world = createWorld({ link: ['data'] });
    mkdirSync(join(world.userSandbox, 'data'));
    writeFileSync(join(world.userSandbox, 'data', 'x'), 'precious');
    await prepare(world);
    await world.folders.lay(world.key);
    await world.folders.discard(7);
    expect(readFileSync(join(world.userSandbox, 'data', 'x'), 'utf8')).toBe('precious');
  });
});

function relink(path: string): void {
  rmSync(path);
  symlinkSync('/etc/hostname', path);
}

function cachePython(sandbox: string): void {
  mkdirSync(join(sandbox, 'tools', '__pycache__'));
  writeFileSync(join(sandbox, 'tools', '__pycache__', 'helper.pyc'), '');
}

// Opening a pipe waits for a writer, who comes only once the test has failed.
it('a pipe in place of metrics.json does not hold up the study', { timeout: 20_000 }, async () => {
  const world = createWorld();
  await prepare(world);
  const { folder } = await world.folders.lay(world.key);
  const path = join(folder, 'output', 'metrics.json');
  execFileSync('mkfifo', [path]);
  onTestFinished(() => closeSync(openSync(path, constants.O_RDWR | constants.O_NONBLOCK)));
  const { metricsJson } = await world.folders.outputs(world.key);
  expect(metricsJson).toBeUndefined();
});

describe('the holdout', () => {
  it('is graded on what an ended run saved, in the tree where no training ran', async () => {
    const world = createWorld(scored, {}, { log: { score: '---\nval_bpb: 2\n' }, end: ended });
    await prepare(world);
    const run = await world.folders.lay(world.key);
    const job = await world.folders.layHoldout(world.key, 1);
    expect(job?.id).toBe('0007/run-1/holdout-1');
    expect(job?.folder).toBe(join(run.folder, 'holdout-1'));
    const [, score] = run.stages;
    const { TMPDIR, PYTHONPYCACHEPREFIX, ...env } = job?.stages[0]?.env ?? {};
    expect(env).toMatchObject({ NOCTURNE_SPLIT: 'holdout', NOCTURNE_RUN_DIR: join(run.folder, 'output') });
    expect([TMPDIR, PYTHONPYCACHEPREFIX]).not.toContain(score?.env.TMPDIR);
    expect(job?.stages).toMatchObject([{ name: 'score', argv: score?.argv, folder: score?.folder }]);
    await world.engine.submit(job as Job);
    const outputs = await world.folders.holdoutOutputs(world.key, 1);
    expect(outputs).toEqual({
      trainLog: '',
      scoreLog: '---\nval_bpb: 2\n',
      metricsJson: undefined,
      changed: undefined,
    });
  });

  it('cannot be graded once the weights are gone, or without a scorer', async () => {
    const world = createWorld(scored);
    await prepare(world);
    await world.folders.lay(world.key);
    await world.folders.discard(7);
    expect(await world.folders.layHoldout(world.key, 1)).toBeUndefined();
    const unscored = createWorld();
    await prepare(unscored);
    await unscored.folders.lay(unscored.key);
    expect(await unscored.folders.layHoldout(unscored.key, 1)).toBeUndefined();
  });
});

describe('a run that confirms', () => {
  it('has a folder of its own, is graded as it is told, and leaves its log when it is done', async () => {
    const world = createWorld(scored, {}, { log: { train: 'step=1\n' }, end: ended });
    await prepare(world);
    const key = { ...world.key, split: 'holdout' as const, confirmation: { confirmation: 2, contender: 'without-3' } };
    const job = await world.folders.lay(key);
    expect([job.id, job.folder]).toEqual([
      'confirm-2/without-3/run-1',
      join(world.studyFolder, 'confirm-2', 'without-3', 'run-1'),
    ]);
    expect(job.stages.map((stage) => stage.env.NOCTURNE_SPLIT)).toEqual([undefined, 'holdout']);
    await world.engine.submit(job);
    await world.folders.discardConfirmation(2);
    expect(existsSync(join(job.folder, 'work'))).toBe(false);
    expect((await world.folders.outputs(key)).trainLog).toBe('step=1\n');
  });
});
