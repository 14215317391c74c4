/** The tiny sandbox's clock: what a budget is, and that a study's reference is measured once. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fastFolder } from '../helpers/fast-folder.ts';

/** A copy of the sandbox with its data, which every test copies. */
const template = mkdtempSync(join(tmpdir(), 'nocturne tiny '));

beforeAll(async () => {
  cpSync(resolve('sandbox/tiny'), template, {
    recursive: true,
    filter: (path) => !/(data|private|run|__pycache__)$/.test(path),
  });
  await execa('python3', ['prepare.py'], { cwd: template });
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

function prepared(): string {
  const folder = fastFolder();
  cpSync(template, folder, { recursive: true });
  return folder;
}

/** The summary of a run. */
async function train(folder: string, budgetSeconds = 0.05): Promise<Record<string, number>> {
  const env = { NOCTURNE_BUDGET_SECONDS: String(budgetSeconds), NOCTURNE_SEED: '1' };
  const { stdout } = await execa('python3', ['train.py'], { cwd: folder, env });
  const block = stdout.slice(stdout.lastIndexOf('---\n') + 4).split('\n');
  return Object.fromEntries(block.map((line) => [line.split(':')[0], Number(line.split(':')[1])]));
}

const referenceOf = (folder: string) => join(folder, 'data', 'reference.json');

test('the reference is measured once, and a second prepare keeps it', async () => {
  const folder = prepared();
  const first = readFileSync(referenceOf(folder), 'utf8');
  expect(JSON.parse(first).seconds).toBeGreaterThan(0);
  await execa('python3', ['prepare.py'], { cwd: folder });
  expect(readFileSync(referenceOf(folder), 'utf8')).toBe(first);
});

test('a run ends when its budget is used up at the reference speed', async () => {
  const { training_seconds: seconds, num_steps: steps } = await train(prepared(), 0.5);
  expect(seconds).toBeGreaterThanOrEqual(0.5);
  expect(steps).toBeGreaterThan(0);
});

test('a machine much slower or faster than the reference is made up for up to twofold only', async () => {
  const folder = prepared();
  writeFileSync(referenceOf(folder), '{"seconds": 1e-9}');
  expect((await train(folder)).reference_speed).toBe(0.5);
  writeFileSync(referenceOf(folder), '{"seconds": 0.9}');
  expect((await train(folder)).reference_speed).toBe(2);
});

test('without a usable reference CPU seconds count as they are', async () => {
  const folder = prepared();
  for (const content of ['', '{}', '{"seconds": 0}', '{"seconds": "fast"}', '[]']) {
    writeFileSync(referenceOf(folder), content);
    expect((await train(folder)).reference_speed).toBe(1);
  }
  rmSync(referenceOf(folder));
  expect((await train(folder)).reference_speed).toBe(1);
});

test('a large model gets no more time than a small one: caches that its step has filled with other data make no machine slow', async () => {
  const folder = prepared();
  // What is timed takes three times as long when it is first done after a step, and is back at its usual time the third time.
  const script = `
import prepare
clock = prepare.CLOCK

class Work:
    times = 0
    def seconds(self):
        self.times += 1
        return clock.reference * (3 if self.times < 3 else 1)

clock.work = Work()
measured = clock.measure_speed
def measure_speed(elapsed):
    clock.work.times = 0
    return measured(elapsed)
clock.measure_speed = measure_speed
while clock.read() < 0.2:
    sum(range(10000))
print(clock.mean_speed())
`;
  const { stdout } = await execa('python3', ['-c', script], { cwd: folder });
  expect(Number(stdout)).toBeCloseTo(1, 5);
});
