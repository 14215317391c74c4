import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLocalEngine } from '../../../src/adapters/engines/local.ts';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { fixtureJob, survivorsOf } from './fixture-job.ts';

interface Said {
  readonly seconds: number;
  readonly peakMemoryMb: number;
  readonly isCounted: boolean;
}

/** What is said of a fixture's processes, by the kernel's counter or by looking at them. */
function usageOf(how: 'counted' | 'looked', ...command: readonly string[]): Said {
  const [fixture, ...options] = command;
  const script = packagePath('tests', 'fixtures', 'train', `${fixture}.py`);
  const argv = [packagePath('tests', 'fixtures', 'usage.py'), how, 'python3', '-S', script, ...options];
  return JSON.parse(execFileSync('python3', argv, { encoding: 'utf8' }));
}

const isLinux = process.platform === 'linux';
/** Not everywhere may the kernel be asked to count. */
const mayCount = isLinux && usageOf('counted', 'spends', 'waited', '0').isCounted;

describe.runIf(isLinux)('the processor time of all processes of a stage is known', () => {
  it.runIf(mayCount).each(['waited', 'ignored', 'daemon', 'grandchild', 'threads'])('also where it is %s', (kind) => {
    const { seconds } = usageOf('counted', 'spends', kind, '0.5');
    expect(seconds).toBeGreaterThan(0.49);
    expect(seconds).toBeLessThan(1);
  });

  it.each(['waited', 'daemon', 'grandchild', 'threads'])('by looking too, where it is %s', (kind) => {
    const { seconds, isCounted } = usageOf('looked', 'spends', kind, '0.5');
    expect(isCounted).toBe(false);
    expect(seconds).toBeGreaterThan(0.49);
    expect(seconds).toBeLessThan(1);
  });

  it('what nobody waits for is seen in part by looking', () => {
    // Of children that live for less than the time between two looks, how much is seen depends on the machine's load.
    expect(usageOf('looked', 'spends', 'ignored', '2', '0.5').seconds).toBeGreaterThan(0.5);
  });

  it.runIf(mayCount)('as the end of the job, with all of its processes ended', async () => {
    const job = await fixtureJob('spends daemon 0.5');
    const engine = createLocalEngine({ python: 'python3' });
    await engine.submit(job);
    const state = await engine.poll(job, 30);
    if (state.kind !== 'ended') throw new Error(state.kind);
    expect(state.end.stages[0]?.cpuSeconds).toBeGreaterThan(0.49);
    expect(await survivorsOf(job)).toEqual([]);
  });
});

describe.runIf(isLinux)('the memory of all processes of a stage is known', () => {
  it.each([
    ['of one', 'alone', 100, 130],
    ['of five that share it, once', 'shared', 100, 150],
    ['of four that have their own, together', 'each', 400, 460],
  ])('%s', (_, kind, least, most) => {
    const { peakMemoryMb } = usageOf('counted', 'holds', kind, '100');
    expect(peakMemoryMb).toBeGreaterThan(least);
    expect(peakMemoryMb).toBeLessThan(most);
  });
});
