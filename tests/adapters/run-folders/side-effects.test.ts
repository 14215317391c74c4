/** One run's side effect is one run's: what it writes beside or through the data it is shown neither voids nor ends a study. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunFolders } from '../../../src/adapters/run-folders/file-run-folders.ts';
import type { Brief } from '../../../src/core/brief/brief.ts';
import { createMemoryWorkspace, createScriptedEngine, scriptedBrief } from '../../../src/testing/index.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const scored = { score: ['python', 'score.py'] };

/** A project whose `data/` is linked, and its study. */
async function world(brief: Partial<Brief> = {}, lay: (data: string) => void = layData, tracked = {}) {
  const folder = temporaryFolder();
  const userSandbox = join(folder, 'project');
  const studyFolder = join(userSandbox, 'runs', 'a');
  mkdirSync(join(userSandbox, 'data'), { recursive: true });
  lay(join(userSandbox, 'data'));
  const own = { 'train.py': 'LR = 1\n', 'score.py': '', 'results.csv': 'lr,loss\n', 'README.md': 'badge: 1\n' };
  const files = { ...own, ...tracked };
  const workspace = createMemoryWorkspace({ files, sandbox: '.', edit: ['train.py'], include: [], tag: 'a' });
  const open = () =>
    createRunFolders({
      brief: { ...scriptedBrief, sandbox: '.', link: ['data'], ...brief },
      studyFolder,
      sandboxInRepository: '.',
      userSandbox,
      workspace,
      engine: createScriptedEngine(() => ({ log: {}, end: undefined })),
      interpreter: '/venv/bin/python',
      environment: {},
    });
  const folders = open();
  await folders.layBase(workspace.start);
  await folders.sealBase();
  /** A run that does this in its working folder; gives what voids it. */
  const run = async (experiment: number, act: (work: string) => void, by = folders) => {
    const key = { experiment, run: 1, seed: 1, commit: workspace.start };
    const job = await by.lay(key);
    act(join(job.folder, 'work'));
    return (await by.outputs(key)).changed;
  };
  const said = (by = folders) => (by.dataRemarks?.() ?? []).map(({ message }) => message);
  const { start } = workspace;
  return { userSandbox, studyFolder, folders, open, run, said, start, data: join(userSandbox, 'data') };
}

function layData(data: string): void {
  mkdirSync(join(data, 'labels'));
  writeFileSync(join(data, 'labels', '1.txt'), 'cat');
  writeFileSync(join(data, 'lock.mdb'), Buffer.alloc(64));
}

/** A folder with more files than a run gets links for. */
function layMany(data: string): void {
  for (let index = 0; index < 300; index++) writeFileSync(join(data, `${index}.txt`), 'x');
}

const nothing = () => {};

describe('a file that is new beside linked data', () => {
  it.each([
    ['an index of labels', 'data/labels.cache'],
    ['a memory map in a folder of the data', 'data/labels/1.npy'],
    ["a data set's cache in a folder of its own", 'data/cache/tokens-512.arrow'],
    ['a file of the file manager', 'data/.DS_Store'],
    ['bytecode', 'data/labels/__pycache__/x.pyc'],
  ])('%s lands in the folder of the run that wrote it, and nowhere else', async (_, path) => {
    const { run, said, userSandbox } = await world();
    const write = (work: string) => {
      mkdirSync(join(work, path, '..'), { recursive: true });
      writeFileSync(join(work, path), 'cache');
    };
    expect(await run(0, write)).toBeUndefined();
    expect(await run(1, write)).toBeUndefined();
    expect(existsSync(join(userSandbox, path))).toBe(false);
    expect(await run(2, (work) => expect(existsSync(join(work, path))).toBe(false))).toBeUndefined();
    expect(said()).toEqual([]);
  });

  it('is the run’s own where the study’s data folder is asked for', async () => {
    const { run, studyFolder } = await world();
    const write = (work: string) => writeFileSync(join(work, '..', 'data', 'work', 'tokens.npy'), '');
    expect(await run(1, write)).toBeUndefined();
    expect(readdirSync(join(studyFolder, 'data'))).toEqual([]);
  });

  it('replaces a file only for the run that does it, and voids a candidate', async () => {
    const { run, data } = await world();
    const replace = (work: string) => {
      writeFileSync(join(work, 'data', 'new'), 'dog');
      renameSync(join(work, 'data', 'new'), join(work, 'data', 'labels', '1.txt'));
    };
    expect(await run(1, replace)).toBe('data/labels/1.txt');
    expect(readFileSync(join(data, 'labels', '1.txt'), 'utf8')).toBe('cat');
    expect(await run(2, nothing)).toBeUndefined();
  });
});

describe('of several runs in flight', () => {
  /** Lays out a run, and gives what ends it. */
  async function begin({ folders, start }: Awaited<ReturnType<typeof world>>, experiment: number) {
    const key = { experiment, run: 1, seed: 1, commit: start };
    const { folder } = await folders.lay(key);
    const end = async () => {
      const { changed, doubtful } = await folders.outputs(key);
      return { changed, doubtful };
    };
    return { work: join(folder, 'work'), end };
  }
  const sound = { changed: undefined, doubtful: undefined };
  const spoil = (work: string) => appendFileSync(join(work, 'data', 'labels', '1.txt'), 'dog');

  it('none is blamed for a change of what they share: all that were in flight are in doubt', async () => {
    const study = await world();
    await study.run(0, nothing);
    const [first, second, third] = [await begin(study, 1), await begin(study, 2), await begin(study, 3)];
    spoil(second.work);
    const doubt = { changed: undefined, doubtful: 'data/labels/1.txt' };
    expect((await first.end()).doubtful).toMatch(/labels\/1.txt$/);
    expect(await second.end()).toMatchObject({ changed: undefined, doubtful: expect.stringMatching(/1.txt$/) });
    expect(Object.keys(await third.end())).toEqual(Object.keys(doubt));
    expect(readFileSync(join(study.data, 'labels', '1.txt'), 'utf8')).toBe('cat');
    expect(await (await begin(study, 4)).end()).toEqual(sound);
  });

  it('one that began after the change was seen is not in doubt', async () => {
    const study = await world();
    await study.run(0, nothing);
    const [first, second] = [await begin(study, 1), await begin(study, 2)];
    spoil(first.work);
    await first.end();
    const third = await begin(study, 3);
    expect((await second.end()).doubtful).toBeDefined();
    expect(await third.end()).toEqual(sound);
  });

  it('one is blamed for what is its own', async () => {
    const study = await world();
    await study.run(0, nothing);
    const [first, second] = [await begin(study, 1), await begin(study, 2)];
    appendFileSync(join(first.work, 'README.md'), 'x');
    expect(await first.end()).toEqual({ changed: 'README.md', doubtful: undefined });
    expect(await second.end()).toEqual(sound);
  });

  it('a candidate is not excused by a baseline that ends beside it', async () => {
    const study = await world();
    await study.run(0, nothing);
    const again = { experiment: 0, run: 2, seed: 2, commit: study.start };
    await study.folders.lay(again);
    const candidate = await begin(study, 1);
    spoil(candidate.work);
    expect((await study.folders.outputs(again)).doubtful).toBeDefined();
    expect((await candidate.end()).doubtful).toBeDefined();
    expect(await study.run(2, spoil)).toBeDefined();
  });

  it('all are laid out and looked at, in whatever order they are asked for', async () => {
    const study = await world();
    await study.run(0, nothing);
    const runs = await Promise.all([1, 2, 3, 4].map((experiment) => begin(study, experiment)));
    expect(await Promise.all(runs.map(({ end }) => end()))).toEqual([sound, sound, sound, sound]);
  });
});

describe('a file that is written through its link', () => {
  const lock = (work: string) => writeFileSync(join(work, 'data', 'lock.mdb'), 'pid 1');

  it('by the baseline is put back and said once, and later runs write a copy of their own', async () => {
    const { run, said, data } = await world();
    expect(await run(0, lock)).toBeUndefined();
    expect(readFileSync(join(data, 'lock.mdb'))).toEqual(Buffer.alloc(64));
    expect(said()).toEqual([expect.stringMatching(/^A run changed data\/lock\.mdb; it is put back as before\. What/)]);
    expect(await run(1, lock)).toBeUndefined();
    expect(readFileSync(join(data, 'lock.mdb'))).toEqual(Buffer.alloc(64));
    expect(said()).toEqual([]);
  });

  it('by a candidate alone voids that candidate, and the next run sees the file as it was', async () => {
    const { run, data, studyFolder } = await world();
    expect(await run(1, lock)).toBe(join(data, 'lock.mdb'));
    expect(readFileSync(join(studyFolder, '0001', 'run-1', 'set-aside', 'lock.mdb'), 'utf8')).toBe('pid 1');
    const seen = (work: string) => expect(readFileSync(join(work, 'data', 'lock.mdb'))).toEqual(Buffer.alloc(64));
    expect(await run(2, seen)).toBeUndefined();
  });

  it('is known as the script’s habit by a later session', async () => {
    const { run, open } = await world();
    await run(0, lock);
    expect(await run(3, lock, open())).toBeUndefined();
  });

  it('and removed is back too', async () => {
    const { run, data } = await world();
    expect(await run(1, () => rmSync(join(data, 'labels'), { recursive: true }))).toBe(join(data, 'labels', '1.txt'));
    expect(readFileSync(join(data, 'labels', '1.txt'), 'utf8')).toBe('cat');
  });
});

it('what a smoke run changes is put back, and the run after it is not to blame', async () => {
  const { run, folders, data, said, start } = await world();
  await run(0, nothing);
  await folders.laySmoke?.({ experiment: 1, run: 1, seed: 1, commit: start }, {});
  writeFileSync(join(data, 'lock.mdb'), 'pid 1');
  expect(await run(1, nothing)).toBeUndefined();
  expect(readFileSync(join(data, 'lock.mdb'))).toEqual(Buffer.alloc(64));
  expect(said()).toEqual([expect.stringContaining('A run changed data/lock.mdb; it is put back')]);
});

describe('a folder with many files', () => {
  it('is linked whole, and opened once a run has added to it', async () => {
    const { run, said, data } = await world({}, layMany);
    const add = (work: string) => writeFileSync(join(work, 'data', 'labels.cache'), '');
    expect(await run(0, add)).toBeUndefined();
    expect(said()).toEqual([expect.stringContaining('A run wrote data/labels.cache into your own data. It stays')]);
    rmSync(join(data, 'labels.cache'));
    expect(await run(1, add)).toBeUndefined();
    expect(existsSync(join(data, 'labels.cache'))).toBe(false);
  });

  it('to which a candidate adds voids it, and no later run sees the file', async () => {
    const { run, data } = await world(scored, layMany);
    expect(await run(1, (work) => writeFileSync(join(work, 'data', 'easy.txt'), ''))).toBe(join(data, 'easy.txt'));
    const seen = (work: string) => expect(existsSync(join(work, 'data', 'easy.txt'))).toBe(false);
    expect(await run(2, seen)).toBeUndefined();
  });

  it('of which a candidate changes a file voids it, though no copy is kept', async () => {
    const { run, said, data, folders } = await world({}, (folder) => {
      for (let index = 0; index < 1100; index++) writeFileSync(join(folder, `${index}.txt`), 'x');
    });
    expect(await run(1, () => writeFileSync(join(data, '7.txt'), 'yy'))).toBe(join(data, '7.txt'));
    expect(said()).toContainEqual(expect.stringMatching(/^data\/7\.txt is not as the study last saw it: a run or /));
    expect(await run(2, nothing)).toBeUndefined();
    expect(folders.dataRemarks?.()).toEqual([]);
  });
});

describe('a tree of many files', () => {
  /** So many that not every run is looked at whole; which ones depends on the machine. */
  const layVast = (data: string) => {
    for (let index = 0; index < 5200; index++) writeFileSync(join(data, `${index}.txt`), 'x');
  };
  const change = (data: string) => () => writeFileSync(join(data, '4321.txt'), 'yy');
  const keyOf = (start: string, experiment: number) => ({ experiment, run: 1, seed: 1, commit: start });

  it('is looked at whole for a score that counts, and once', async () => {
    const { run, folders, data, start, said } = await world({}, layVast);
    await run(0, nothing);
    const changed = await run(1, change(data));
    expect(changed ?? (await folders.verify?.(keyOf(start, 1)))?.changed).toBe(join(data, '4321.txt'));
    expect(said()).toContainEqual(expect.stringMatching(/^data\/4321\.txt is not as the study last saw it: a run or /));
    expect(await folders.verify?.(keyOf(start, 1))).toBeUndefined();
  });

  it.each([
    ['is changed', change, 'data/4321.txt is not'],
    ['is removed', (data: string) => () => rmSync(join(data, '4321.txt')), 'data/4321.txt is not'],
    [
      'is replaced',
      (data: string) => () => renameSync(join(data, '1.txt'), join(data, '4321.txt')),
      'data/1.txt and 1',
    ],
  ])('of which a file %s by a reverted candidate is looked at whole when the study stops', async (_, act, sentence) => {
    const { run, folders, data, said } = await world({}, layVast);
    await run(0, nothing);
    await run(1, act(data));
    await run(2, nothing);
    await folders.lookAtStop?.();
    expect(said().join()).toContain(sentence);
    expect(await run(3, nothing)).toBeUndefined();
    await folders.lookAtStop?.();
    expect(said()).toEqual([]);
  });

  it('of which a file is changed is found by a later session too', async () => {
    const { run, data, open, said } = await world({}, layVast);
    await run(1, nothing);
    change(data)();
    const later = open();
    await run(2, nothing, later);
    expect(said(later).join()).toContain('data/4321.txt is not as the study last saw it');
  });
});

describe('the owner’s own data', () => {
  it('changed between two sessions are one sentence, and the study goes on with them', async () => {
    const { run, data, open, said } = await world();
    await run(0, nothing);
    writeFileSync(join(data, 'labels', '1.txt'), 'a tiger');
    const later = open();
    expect(await run(1, nothing, later)).toBeUndefined();
    const notices = later.dataRemarks?.() ?? [];
    expect(notices.map(({ moved }) => moved)).toEqual([undefined, 'data/labels/1.txt changed']);
    expect(notices[0]?.message).toMatch(/^data\/labels\/1\.txt is not as the study last saw it\. Scores/);
    expect(readFileSync(join(data, 'labels', '1.txt'), 'utf8')).toBe('a tiger');
    expect(await run(2, nothing, open())).toBeUndefined();
    expect(said()).toEqual([]);
  });

  it('may grow while a study runs: its runs do not see the new files', async () => {
    const { run, data, said } = await world();
    const grow = (work: string) => {
      writeFileSync(join(data, 'labels', '2.txt'), 'new');
      expect(readdirSync(join(work, 'data', 'labels'))).toEqual(['1.txt']);
    };
    expect(await run(1, grow)).toBeUndefined();
    expect(said()).toEqual([]);
  });
});

describe('a tracked file that the script appends to', () => {
  it.each(['results.csv', 'README.md'])('%s starts anew in every run, and is said once', async (name) => {
    const { run, said } = await world();
    const append = (work: string) => {
      appendFileSync(join(work, name), '0.1,0.5\n');
      expect(readFileSync(join(work, name), 'utf8').match(/0\.1,0\.5/g)).toHaveLength(1);
    };
    expect(await run(0, append)).toBeUndefined();
    expect(said()).toEqual([expect.stringContaining(`The script changes ${name}, which git tracks`)]);
    expect(await run(1, append)).toBeUndefined();
    expect(said()).toEqual([]);
  });

  it('by a candidate alone voids it', async () => {
    const { run } = await world();
    await run(0, nothing);
    expect(await run(1, (work) => appendFileSync(join(work, 'results.csv'), 'x'))).toBe('results.csv');
    expect(await run(2, nothing)).toBeUndefined();
  });

  it('is no leave to change the scorer’s copy of it', async () => {
    const { run } = await world(scored);
    await run(0, (work) => appendFileSync(join(work, 'results.csv'), 'x'));
    const cheat = (work: string) => appendFileSync(join(work, '..', 'score', 'results.csv'), 'x');
    expect(await run(1, cheat)).toBe('results.csv');
  });
});

describe('linked paths', () => {
  it.each([
    ['a folder in which git tracks a file', (folder: string) => folder],
    ['a folder that is a link to another disk', asLink],
  ])('%s has the ignored files, and what is tracked stays the commit’s', async (_, place) => {
    const lay = (data: string) => {
      rmSync(data, { recursive: true });
      layData(makeFolder(place(data)));
    };
    const { run } = await world({}, lay, { 'data/labels/.gitkeep': '' });
    const seen = (work: string) => {
      expect(readFileSync(join(work, 'data', 'labels', '1.txt'), 'utf8')).toBe('cat');
      expect(existsSync(join(work, 'data', 'labels', '.gitkeep'))).toBe(true);
    };
    expect(await run(1, seen)).toBeUndefined();
  });

  it('that are a virtual environment are linked whole, whatever is written there', async () => {
    const { run, data } = await world({}, (folder) => {
      mkdirSync(join(folder, 'venv', 'lib'), { recursive: true });
      writeFileSync(join(folder, 'venv', 'pyvenv.cfg'), '');
    });
    const install = (work: string) => writeFileSync(join(work, 'data', 'venv', 'lib', 'x.pth'), '');
    expect(await run(1, install)).toBeUndefined();
    expect(existsSync(join(data, 'venv', 'lib', 'x.pth'))).toBe(true);
  });

  it('that lead nowhere, or hold the study itself, are one sentence', async () => {
    const dangling = world({}, (data) => {
      rmSync(data, { recursive: true });
      symlinkSync('/nowhere/data', data);
    });
    await expect(dangling).rejects.toThrow(/links `data`, but .*data leads to \/nowhere\/data, which is not there/);
    await expect(world({ link: ['runs'] })).rejects.toThrow(/`runs`, which holds the study's own folder/);
  });

  it('inside data that lead to a folder above end there', async () => {
    const { run } = await world({}, (data) => {
      layData(data);
      symlinkSync('..', join(data, 'labels', 'up'));
    });
    expect(await run(1, nothing)).toBeUndefined();
  });
});

function asLink(data: string): string {
  const elsewhere = makeFolder(`${data}-on-another-disk`);
  symlinkSync(elsewhere, data);
  return elsewhere;
}

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
