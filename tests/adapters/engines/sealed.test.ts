/** What the supervisor looks at between the stages, with real files and processes. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import type { Job, JobEnd, SealedPlace } from '../../../src/ports/engine.ts';
import { interpreter } from '../../helpers/interpreter.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** A folder of data, and how a job ends whose stages do this in it. */
async function endOf(train: string, score: string, how: Partial<SealedPlace & Pick<Job, 'mayChange'>> = {}) {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(folder, 'elsewhere'), 'far');
  writeFileSync(join(data, 'a'), 'one');
  writeFileSync(join(data, 'b'), 'two');
  writeFileSync(join(data, 'c'), 'noted only');
  symlinkSync(join(folder, 'elsewhere'), join(data, 'link'));
  const files = { a: digest('one'), b: digest('two'), c: null, link: `-> ${join(folder, 'elsewhere')}` };
  const { mayChange, ...given } = how;
  const place: SealedPlace = { place: data, files, isWhole: true, content: 'always', ...given };
  const stage = (name: 'train' | 'score', code: string) => ({
    name,
    argv: [interpreter, '-I', '-S', '-c', `import os, shutil\n${code}`] as const,
    folder: data,
    env: {},
  });
  const job: Job = {
    id: '0001/run-1',
    folder: join(folder, 'job'),
    stages: [stage('train', train), stage('score', score)],
    limitSeconds: 30,
    sealed: [place],
    ...(mayChange === undefined ? {} : { mayChange }),
  };
  const engine = createLocalEngine({ python: 'python3' });
  await engine.submit(job);
  const state = await engine.poll(job, 30);
  if (state.kind !== 'ended') throw new Error(JSON.stringify(state));
  const names = (paths: JobEnd['changed']) => paths?.map((path) => relative(data, path));
  return {
    stages: state.end.stages.map(({ name, exitCode }) => `${name} ${exitCode}`),
    changed: names(state.end.changed),
    touched: names(state.end.touched),
    left: (path: string) => readFileSync(join(data, path), 'utf8'),
    scoreLog: (await engine.tail(job, 'score', 0)).text,
  };
}

const write = (path: string, text: string) => `open(${JSON.stringify(path)}, "w").write(${JSON.stringify(text)})`;
const both = ['train 0', 'score 0'];

describe('the scorer starts', () => {
  it.each([
    ['nothing changed', 'pass'],
    ['a file was written with what it held', write('a', 'one')],
    ['a file was swapped and put back', `${write('a', 'no')}\n${write('a', 'one')}`],
    ['a file manager left its file', write('.DS_Store', '')],
  ])('where %s', async (_, train) => {
    expect(await endOf(train, 'pass')).toMatchObject({ stages: both, changed: undefined, touched: undefined });
  });

  it('where a file is new that may be, and says nothing of it', async () => {
    expect(await endOf(write('new', ''), 'pass', { isWhole: false })).toMatchObject({
      stages: both,
      changed: undefined,
    });
  });

  it('for the owner’s own script whatever it changed, which is said', async () => {
    expect(await endOf(write('a', 'no'), 'pass', { mayChange: true })).toMatchObject({ stages: both, changed: ['a'] });
  });
});

describe('the scorer does not start, and the path is named, where training', () => {
  it.each([
    ['changed a file', write('a', 'ONE'), 'a'],
    [
      'changed a file and set its times back',
      `t = os.stat("a"); ${write('a', 'ONE')}; os.utime("a", ns=(t.st_atime_ns, t.st_mtime_ns))`,
      'a',
    ],
    ['removed one', 'os.unlink("b")', 'b'],
    ['put a pipe in its place', 'os.unlink("b"); os.mkfifo("b")', 'b'],
    ['put a folder in its place', 'os.unlink("b"); os.mkdir("b")', 'b'],
    [
      'put a link to the same bytes in its place',
      'os.rename("b", "../b"); os.symlink(os.path.abspath("../b"), "b")',
      'b',
    ],
    ['took its rights away', 'os.chmod("b", 0); os.rename("b", "b2"); os.mkdir("b")', 'b'],
    ['wrote to one that is only noted', write('c', 'noted only'), 'c'],
    ['pointed a link elsewhere', 'os.unlink("link"); os.symlink("a", "link")', 'link'],
    ['added a file', write('new', ''), 'new'],
    [
      'added a file in a folder',
      `os.makedirs("x/__pycache__"); ${write('x/__pycache__/a.pyc', '')}`,
      'x/__pycache__/a.pyc',
    ],
    ['added a link to a folder', 'os.symlink("/", "new")', 'new'],
    [
      'replaced the whole folder',
      'os.rename("../data", "../old"); shutil.copytree("../old", "../data", symlinks=True)',
      'c',
    ],
  ])('%s', async (_, train, path) => {
    const { stages, changed } = await endOf(train, write('../scored', ''));
    expect({ stages, changed }).toEqual({ stages: ['train 0'], changed: expect.arrayContaining([path]) });
  });

  it('changed what a link leads to, where that is read too', async () => {
    const train = write('../elsewhere', 'near');
    expect(await endOf(train, 'pass')).toMatchObject({ stages: both });
    expect(await endOf(train, 'pass', { content: 'through-links' })).toMatchObject({ changed: ['link'] });
  });

  it('added a file of a name that is loaded by itself, where others may be added', async () => {
    const how = { isWhole: false, added: ['*.pth', 'numpy'] } as const;
    expect(await endOf(write('x.pth', 'import x'), 'pass', how)).toMatchObject({
      stages: ['train 0'],
      changed: ['x.pth'],
    });
    expect(await endOf('os.mkdir("numpy")', 'pass', how)).toMatchObject({ stages: ['train 0'], changed: ['numpy'] });
    expect(await endOf(write('numpy2', ''), 'pass', how)).toMatchObject({ stages: both, changed: undefined });
  });

  it('changed a file of which content is read only when it was written to', async () => {
    const how = { content: 'written' } as const;
    expect(await endOf(write('a', 'one'), 'pass', how)).toMatchObject({ stages: both, changed: undefined });
    expect(await endOf(write('a', 'ONE'), 'pass', how)).toMatchObject({ stages: ['train 0'], changed: ['a'] });
    // A digest that is wrong is not noticed of a file that nobody wrote to.
    expect(await endOf('pass', 'pass', { ...how, files: { a: digest('other') }, isWhole: false })).toMatchObject({
      stages: both,
      changed: undefined,
    });
  });
});

describe('while the scorer runs', () => {
  it('a swap that is taken back is seen', async () => {
    const swap = `${write('a', 'no')}\n${write('a', 'one')}`;
    expect(await endOf('pass', swap)).toMatchObject({ stages: both, changed: undefined, touched: ['a'] });
  });

  it('a file that is read is not touched', async () => {
    expect(await endOf('pass', 'open("a").read(); os.stat("b")')).toMatchObject({ stages: both, touched: undefined });
  });
});

describe("a stage's log", () => {
  it.each([
    [
      'in place',
      'file = open("../job/score.log", "r+b"); file.write(b"loss: 1\\n"); file.truncate()',
      ['../job/score.log'],
    ],
    [
      'by another file',
      'os.unlink("../job/score.log"); open("../job/score.log", "wb").write(b"loss: 1\\n")',
      ['../job/score.log'],
    ],
    ['not at all', 'pass', undefined],
  ])('is held against what was written to it: rewritten %s', async (_, code, changed) => {
    const waiting = 'while b"loss" not in open("../job/score.log", "rb").read(): time.sleep(0.001)';
    const end = await endOf('print("step 1")', `import time\nprint("loss: 2", flush=True)\n${waiting}\n${code}`);
    expect(end.stages).toEqual(both);
    expect(end.changed).toEqual(changed);
  });
});

describe('what a stage puts in the place of the job’s own files', () => {
  const forged = JSON.stringify({ ending: 'exited', stages: [], seconds: 1 });
  it.each([
    ['a result of its own', write('../job/result.json', forged)],
    ['a link for the result', 'os.symlink(os.path.abspath("b"), "../job/result.json")'],
    ['a pipe for the result', 'os.mkfifo("../job/result.json")'],
    ['a folder for the result', 'os.makedirs("../job/result.json/x")'],
    [
      'a link for the part of the result',
      'os.symlink(os.path.abspath("b"), "../job/result.json.%d.tmp" % os.getppid())',
    ],
    ['a pipe for the part of the result', 'os.mkfifo("../job/result.json.%d.tmp" % os.getppid())'],
    ['a log for the scorer', write('../job/score.log', 'val_bpb: 0.1\n')],
    ['a link for the scorer’s log', 'os.symlink(os.path.abspath("b"), "../job/score.log")'],
    ['a pipe for the scorer’s log', 'os.mkfifo("../job/score.log")'],
    ['a folder for the scorer’s log', 'os.makedirs("../job/score.log/x")'],
    ['a pipe for the end of its stage', 'os.mkfifo("../job/train.ended")'],
  ])('%s gives way, and nothing is written through it', async (_, train) => {
    const end = await endOf(train, 'print("scored")');
    expect(end).toMatchObject({ stages: both, changed: undefined, scoreLog: 'scored\n' });
    expect(end.left('b')).toBe('two');
  });

  it.each([
    ['its own log', write('../job/train.log', 'other'), 'pass', '../job/train.log'],
    [
      'its own log, by another file',
      `print("x")\nos.unlink("../job/train.log")\n${write('../job/train.log', 'x\n')}`,
      'pass',
      '../job/train.log',
    ],
    ['its own log, which is gone', 'os.unlink("../job/train.log")', 'pass', '../job/train.log'],
    ['the log of the training', 'pass', write('../job/train.log', 'other'), '../job/train.log'],
    [
      'its own log while it is scored',
      'pass',
      `print("a: 2", flush=True)\nopen("../job/score.log", "a").write("a: 1\\n")`,
      '../job/score.log',
    ],
  ])('%s is named where it is changed', async (_, train, score, path) => {
    expect(await endOf(train, score)).toMatchObject({ stages: both, changed: [path] });
  });

  it('a log that is cut in its middle is as it was written', async () => {
    const flood = 'print("x" * 1000)\nfor i in range(70000): print("y" * 1000)';
    expect(await endOf(flood, 'pass')).toMatchObject({ stages: both, changed: undefined });
  });
});
