import { describe, expect, test } from 'vitest';
import { parseBrief } from '../../../../src/core/brief/parse-brief.ts';

function slurmOf(text: string) {
  return parseBrief(['---', 'metric: loss', `slurm: ${text}`, '---'].join('\n'), 'program.md').slurm;
}

describe('what a brief says to an engine', () => {
  test('is read with its units, and is absent where the brief is silent', () => {
    const slurm = slurmOf('{ partition: gpu, time: 2h, gpus: 1, mem: 16G, args: [--constraint=a100] }');
    expect(slurm).toEqual({ partition: 'gpu', time: 7200, gpus: 1, mem: '16G', args: ['--constraint=a100'] });
    expect(parseBrief('---\nmetric: loss\n---', 'program.md').slurm).toBeUndefined();
  });

  test('a key that is none is named, with the one that was meant', () => {
    expect(() => slurmOf('{ partitoin: gpu }')).toThrow(
      'line 3: `slurm.partitoin` is not a setting; did you mean `slurm.partition`?',
    );
  });

  test.each(['{ gpus: 0 }', '{ partition: "a b" }', '{ args: ["--wrap=$(id)"] }', '{ time: soon }', 'gpu'])(
    '%s is refused',
    (text) => {
      expect(() => slurmOf(text)).toThrow('line 3: `slurm');
    },
  );
});
