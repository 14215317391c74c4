/** What the runs of a slot are given of the machine. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRunFolders } from '../../../src/adapters/run-folders/file-run-folders.ts';
import { elsewhere, wholeMachine } from '../../../src/adapters/slots/open-slots.ts';
import type { Slots } from '../../../src/adapters/slots/slot.ts';
import { createMemoryWorkspace, createScriptedEngine, scriptedBrief } from '../../../src/testing/index.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const slots: Slots = {
  each: [
    { variables: { CUDA_VISIBLE_DEVICES: '0' }, processors: [0, 1], shared: [] },
    { variables: { CUDA_VISIBLE_DEVICES: '1' }, processors: [2, 3], shared: [] },
  ],
  where: { device: 'NVIDIA L4' },
  words: '',
  notes: [],
};

async function lay(given: Slots | undefined, slot: number | undefined) {
  const files = { 'train.py': 'LR = 1\n', 'score.py': '' };
  const workspace = createMemoryWorkspace({ files, sandbox: '.', edit: ['train.py'], include: [], tag: 'a' });
  const studyFolder = join(temporaryFolder(), 'runs', 'a');
  const folders = createRunFolders({
    brief: { ...scriptedBrief, sandbox: '.', score: ['python', 'score.py'] },
    studyFolder,
    sandboxInRepository: '.',
    userSandbox: temporaryFolder(),
    workspace,
    engine: createScriptedEngine(() => ({ log: {}, end: undefined })),
    interpreter: '/venv/bin/python',
    environment: { CUDA_VISIBLE_DEVICES: '0,1', OMP_NUM_THREADS: '3' },
    ...(given && { slots: given }),
  });
  await folders.layBase(workspace.start);
  await folders.sealBase();
  const key = { experiment: 1, run: 1, seed: 1, commit: workspace.start, ...(slot === undefined ? {} : { slot }) };
  const [job, smoke] = [await folders.lay(key), await folders.laySmoke?.(key, {})];
  return { job, smoke, studyFolder };
}

it.each([0, 1])(
  'a run of slot %i has its variables and its processors, in every stage and in a short run',
  async (slot) => {
    const { job, smoke } = await lay(slots, slot);
    for (const { env } of [...job.stages, ...(smoke?.stages ?? [])]) {
      expect(env).toMatchObject({ CUDA_VISIBLE_DEVICES: String(slot), OMP_NUM_THREADS: '3' });
    }
    for (const each of [job, smoke]) {
      expect(each).toMatchObject({ share: { processors: slots.each[slot]?.processors }, where: slots.where });
    }
  },
);

it('a run that shares its slot knows with whom', async () => {
  const each = [{ variables: {}, shared: ['cores' as const] }];
  const { job, studyFolder } = await lay({ ...slots, each }, 0);
  expect(job.share).toEqual({ shared: ['cores'], among: studyFolder });
});

it.each([
  ['without slots', undefined],
  ['with the whole machine', wholeMachine],
])('a run %s has what the owner has, and its job says nothing of it', async (_, given) => {
  const { job } = await lay(given, undefined);
  expect(job.stages[0]?.env).toMatchObject({ CUDA_VISIBLE_DEVICES: '0,1', OMP_NUM_THREADS: '3' });
  expect(job).not.toHaveProperty('share');
  expect(job).not.toHaveProperty('where');
});

it('a run of another machine is to say where it ran', async () => {
  const { job } = await lay(elsewhere, 3);
  expect(job.where).toEqual({});
  expect(job).not.toHaveProperty('share');
});
