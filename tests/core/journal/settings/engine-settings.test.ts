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

describe('what a brief says of a Ray cluster', () => {
  const rayOf = (text: string) =>
    parseBrief(['---', 'metric: loss', `ray: ${text}`, '---'].join('\n'), 'program.md').ray;

  test('is read with its units', () => {
    const text =
      '{ address: "http://head:8265", cpus: 4, gpus: 0.5, memory: 2G, resources: { a100: 1 }, runtime_env: { pip: [einops] } }';
    expect(rayOf(text)).toEqual({
      address: 'http://head:8265',
      ...{ cpus: 4, gpus: 0.5, memory: 2 * 1024 ** 3, resources: { a100: 1 } },
      runtime_env: { pip: ['einops'] },
    });
  });

  test.each([
    ['{ address: head }', '`ray.address` must be the address of a dashboard'],
    ['{ address: "http://me:pass@head:8265" }', 'without a password'],
    ['{ cpus: 0 }', '`ray.cpus`'],
    ['{ gpus: -1 }', '`ray.gpus`'],
    ['{ memory: much }', '`ray.memory` must be memory such as 16G'],
    ['{ folder: scratch }', '`ray.folder`'],
    ['{ runtime_env: { working_dir: "." } }', 'without working_dir'],
    ['{ gpu: 1 }', '`ray.gpu` is not a setting; did you mean `ray.gpus`?'],
    ['8265', '`ray`'],
  ])('%s is refused', (text, why) => {
    expect(() => rayOf(text)).toThrow(why);
  });
});

describe('what a brief says of a machine that SkyPilot rents', () => {
  const skypilotOf = (text: string) =>
    parseBrief(['---', 'metric: loss', `skypilot: ${text}`, '---'].join('\n'), 'program.md').skypilot;

  test('is read as sky writes it', () => {
    const text =
      '{ infra: gcp/us-central1, gpus: "A100:8", cpus: 16+, spot: true, idle: 15, max_usd: 2.5, consent: true }';
    expect(skypilotOf(text)).toEqual({
      ...{ infra: 'gcp/us-central1', gpus: 'A100:8', cpus: '16+', spot: true, idle: 15, max_usd: 2.5, consent: true },
    });
  });

  test.each([
    ['{ max_usd: 0 }', '`skypilot.max_usd` must be US dollars per hour'],
    ['{ idle: 0 }', '`skypilot.idle` must be a whole number of minutes, 1 or more'],
    ['{ consent: "yes, please" }', '`skypilot.consent` must be true or false'],
    ['{ infra: "aws; id" }', '`skypilot.infra` must be one word'],
    ['{ gpu: A100 }', '`skypilot.gpu` is not a setting; did you mean `skypilot.gpus`?'],
  ])('%s is refused', (text, why) => {
    expect(() => skypilotOf(text)).toThrow(why);
  });
});
