import { describe, expect, it } from 'vitest';
import { type Crossing, specThere } from '../../../../src/adapters/engines/travel/rewrite.ts';
import type { Job, SealedPlace } from '../../../../src/ports/engine.ts';

const crossing: Crossing = {
  places: [
    { here: '/repo', there: 'jobs/s/checkout' },
    { here: '/repo/runs/one', there: 'jobs/s' },
    { here: '/repo/runs/one/data', there: 'places/d/data' },
  ],
  python: '/venv/bin/python',
  environment: { PATH: '/usr/bin', HF_HOME: '/here/hf', LANG: 'C', CUDA_VISIBLE_DEVICES: '3' },
  passed: ['HF_HOME'],
};

function told(stage: { argv?: string[]; env?: Record<string, string> }, sealed: SealedPlace[] = []) {
  const folder = '/repo/runs/one/0001/run-1';
  const job: Job = {
    ...{ id: '0001/run-1', folder, limitSeconds: 9, sealed },
    stages: [{ name: 'train', argv: ['x'], folder: `${folder}/work`, env: {}, ...stage }],
  };
  const spec = specThere(job, crossing);
  return { spec, stage: spec.stages[0] };
}

describe('a job as another machine is told of it', () => {
  it.each([
    ['/repo/runs/one/0001/run-1/work', '@nocturne-root@/jobs/s/0001/run-1/work'],
    ['--data=/repo/runs/one/data', '--data=@nocturne-root@/places/d/data'],
    ['/repo/src:/repo/runs/one/data/x', '@nocturne-root@/jobs/s/checkout/src:@nocturne-root@/places/d/data/x'],
    ['/venv/bin/python', '@nocturne-python@'],
    ['/venv/bin/torchrun', '@nocturne-python-folder@/torchrun'],
    ['/repository/other', '/repository/other'],
    ['not/repo/x', 'not/repo/x'],
    ['$& /elsewhere', '$& /elsewhere'],
  ])('%s becomes %s', (here, there) => {
    expect(told({ argv: [here] }).stage?.argv).toEqual([there]);
  });

  it('gets no variable that was only taken over from this machine, but what the owner asks for', () => {
    const env = {
      ...{ PATH: '/venv/bin:/usr/bin', HOME: '/home/me', HF_HOME: '/here/hf', LANG: 'C', CUDA_VISIBLE_DEVICES: '0' },
      ...{ NOCTURNE_SEED: '7', OMP_NUM_THREADS: '4', TMPDIR: '/tmp/nocturne-1/train' },
    };
    expect(told({ env }).stage?.env).toEqual({
      ...{ HF_HOME: '/here/hf', CUDA_VISIBLE_DEVICES: '0', NOCTURNE_SEED: '7', OMP_NUM_THREADS: '4' },
      ...{ TMPDIR: '@nocturne-temporary@/train', PYTHONDONTWRITEBYTECODE: '1' },
    });
  });

  it('is told what of the sealed places only a look can say there: where a link leads', () => {
    const files = { 'a.txt': 'ab12', link: '-> /repo/runs/one/data/a.txt' };
    const place = '/repo/runs/one/0001/run-1/score';
    const elsewhere: SealedPlace = { place: '/usr/lib/python3', files: {}, isWhole: false, content: 'written' };
    const { spec } = told({}, [{ place, files, isWhole: true, content: 'always' }, elsewhere]);
    expect(spec.sealed).toEqual([
      {
        ...{ place: '@nocturne-root@/jobs/s/0001/run-1/score', isWhole: true, content: 'always' },
        files: { 'a.txt': 'ab12', link: null },
      },
    ]);
  });

  it('takes no cage along', () => {
    const cage = { rung: { tier: 'seccomp', system: [] }, read: [], write: [], home: '/h', network: false } as const;
    const folder = '/repo/runs/one/0001/run-1';
    const job: Job = {
      id: 'x',
      folder,
      limitSeconds: 1,
      stages: [{ name: 'train', argv: ['x'], folder, env: {}, cage }],
    };
    expect(specThere(job, crossing).stages[0]).not.toHaveProperty('cage');
  });
});
