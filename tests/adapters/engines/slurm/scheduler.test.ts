import { describe, expect, test } from 'vitest';
import { createSlurm } from '../../../../src/adapters/engines/slurm/scheduler.ts';
import { Unreachable } from '../../../../src/adapters/engines/travel/parts.ts';
import type { Argv } from '../../../../src/core/journal/settings/argv.ts';

/** A Slurm whose `squeue` prints this; what was asked of it. */
function slurmThatSays(queue: string) {
  const asked: Argv[] = [];
  const run = async (argv: Argv) => {
    asked.push(argv);
    const stdout = argv[0] === 'squeue' ? queue : '';
    const stderr = argv[0] === 'sacct' ? 'Slurm accounting storage is disabled' : '';
    return { exitCode: 0, stdout, stderr };
  };
  return { asked, slurm: createSlurm({ run, settings: {}, logOf: async () => '/log' }) };
}

describe('a number that Slurm gives again, after its controller was killed and forgot the job of that number', () => {
  test('is not the job: it is gone, and the machine is to blame', async () => {
    const { slurm } = slurmThatSays('7|RUNNING|None|thesis');
    expect(await slurm.look('7', 'nocturne-3')).toMatchObject({ kind: 'gone', isOfEngine: true });
    expect(await slurm.look('7', 'thesis')).toEqual({ kind: 'running' });
  });

  test.each(['asked', 'forced'] as const)('is not cancelled in its place (%s)', async (how) => {
    const { slurm, asked } = slurmThatSays('7|RUNNING|None|thesis');
    await slurm.end('7', how, 'nocturne-3');
    expect(asked).not.toEqual([]);
    for (const argv of asked) expect(argv).toContain('--name=nocturne-3');
  });
});

test('a queue that cannot be read is no empty queue: no job is gone, and none is submitted again', async () => {
  const run = async () => ({ exitCode: 1, stdout: '', stderr: 'slurm_load_jobs error: Unspecified error' });
  const slurm = createSlurm({ run, settings: {}, logOf: async () => '/log' });
  await expect(slurm.look('7', 'nocturne-3')).rejects.toThrow(Unreachable);
  await expect(slurm.find('nocturne-3')).rejects.toThrow(
    /^Slurm cannot tell its queue: slurm_load_jobs error: Unspecified error$/,
  );
});
