/** The jobs of a run whose brief declares knobs: their commands have the values of the candidate's knobs.json. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRunFolders, type FileRunFolders } from '../../../src/adapters/run-folders/file-run-folders.ts';
import type { RunKey } from '../../../src/ports/run-folders.ts';
import { createMemoryWorkspace, createScriptedEngine, scriptedBrief } from '../../../src/testing/index.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const edit = ['knobs.json'];
const knobs = { lr: '1.0 in log 0.1..10', opt: 'adam in choice adam, sgd' };
const files = { 'lab/main.c': 'int main;', 'lab/knobs.json': '{\n  "lr": 2,\n  "opt": "sgd"\n}\n', 'lab/score.sh': '' };

let folders: FileRunFolders;
let key: RunKey;
beforeEach(() => {
  const workspace = createMemoryWorkspace({ files, sandbox: 'lab', edit, include: [], tag: 'nov23' });
  folders = createRunFolders({
    engine: createScriptedEngine(() => ({ log: {}, end: undefined })),
    brief: {
      ...scriptedBrief,
      sandbox: 'lab',
      edit,
      knobs,
      train: ['./main', '--lr={lr}', '{opt}', '{{lr}}'],
      score: ['sh', 'score.sh', '{lr}'],
    },
    studyFolder: join(temporaryFolder(), 'runs', 'nov23'),
    sandboxInRepository: 'lab',
    userSandbox: temporaryFolder(),
    workspace,
    interpreter: '/venv/bin/python',
    environment: {},
  });
  key = { experiment: 7, run: 1, seed: 42, commit: workspace.start };
});

describe('the places of a command are filled', () => {
  it('in a run, its scorer and its grading on the holdout, which know where the file is', async () => {
    await folders.layBase(key.commit);
    await folders.sealBase();
    const [train, score] = (await folders.lay(key)).stages;
    expect(train?.argv).toEqual(['./main', '--lr=2.0', 'sgd', '{lr}']);
    expect(score?.argv).toEqual(['sh', 'score.sh', '2.0']);
    expect(train?.env.NOCTURNE_KNOBS).toBe(join(train?.folder ?? '', 'knobs.json'));
    expect(score?.env.NOCTURNE_KNOBS).toBe(join(score?.folder ?? '', 'knobs.json'));
    expect((await folders.layHoldout?.(key, 1))?.stages[0]?.argv).toEqual(['sh', 'score.sh', '2.0']);
  });

  it('in a short run of a draft, and in one of the incumbent as it is', async () => {
    await folders.layBase(key.commit);
    await folders.sealBase();
    const draft = await folders.laySmoke?.(key, { 'knobs.json': '{"lr": 0.5, "opt": "adam"}' });
    expect(draft?.stages[0]?.argv).toEqual(['./main', '--lr=0.5', 'adam', '{lr}']);
    const incumbent = await folders.laySmoke?.(key, {});
    expect(incumbent?.stages[0]?.argv).toEqual(['./main', '--lr=2.0', 'sgd', '{lr}']);
    expect(incumbent?.stages[0]?.env.NOCTURNE_KNOBS).toBe(join(incumbent?.stages[0]?.folder ?? '', 'knobs.json'));
  });
});
