import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGpuProbe } from '../../../src/adapters/gpu/gpu-probe.ts';
import { createRunFolders } from '../../../src/adapters/run-folders/file-run-folders.ts';
import type { Slots } from '../../../src/adapters/slots/slot.ts';
import { createMemoryWorkspace, createScriptedEngine, scriptedBrief } from '../../../src/testing/index.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const patience = new AbortController().signal;

/** A probe beside an nvidia-smi whose GPU N has N00 MiB in use, of which these processes hold some. */
function probe(each: Slots['each'], apps = '') {
  const folder = temporaryFolder();
  const rows = '[ "$1" = -i ] || set -- -i 0,1,2; for gpu in $(echo "$2" | tr , " "); do echo "$gpu"00, 1000; done';
  const body = `case "$*" in *compute-apps*) printf '${apps}';; *) ${rows};; esac`;
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  const environment = { PATH: `${folder}:/usr/bin:/bin` };
  const engine = createScriptedEngine(() => ({ log: {}, end: undefined }));
  const files = { 'train.py': '' };
  const workspace = createMemoryWorkspace({ files, sandbox: '.', edit: ['train.py'], include: [], tag: 'a' });
  const place = { studyFolder: '/study', sandboxInRepository: '.', userSandbox: folder };
  const given = { ...place, brief: scriptedBrief, workspace, engine, interpreter: '/python', environment };
  const slots = { each, where: {}, words: '', notes: [] };
  return createGpuProbe({ runFolders: createRunFolders(given), engine, environment, slots, studyFolder: '/study' });
}

const slot = (gpu: string, ...shared: ('cores' | 'gpus')[]) => ({ variables: { CUDA_VISIBLE_DEVICES: gpu }, shared });

describe('GPUs are looked at', () => {
  it('of one slot, and of all', async () => {
    const { look } = probe([slot('1'), slot('2')]);
    expect(await look(patience, 0)).toMatchObject({ gpus: 1, usedMib: 100 });
    expect(await look(patience, 1)).toMatchObject({ gpus: 1, usedMib: 200 });
    expect(await look(patience)).toMatchObject({ gpus: 2, usedMib: 300 });
  });

  it('as the owner shows them, where a lone run has the machine', async () => {
    expect(await probe([{ variables: {}, shared: [] }]).look(patience)).toMatchObject({ gpus: 3, usedMib: 300 });
  });

  it('without what other runs of the study hold of one that they share', async () => {
    const sibling = spawn('/bin/sleep', ['60'], {
      stdio: 'ignore',
      env: { NOCTURNE_RUN_DIR: '/study/0002/run-1/output' },
    });
    onTestFinished(() => void sibling.kill('SIGKILL'));
    const apps = `${sibling.pid}, 150\\n${process.pid}, 30\\n`;
    const { look } = probe([slot('2', 'gpus'), slot('2', 'gpus')], apps);
    expect(await look(patience, 0)).toMatchObject({ usedMib: 50, computeMib: 30 });
    expect(await probe([slot('2')], apps).look(patience, 0)).toMatchObject({ usedMib: 200, computeMib: 180 });
  });
});
