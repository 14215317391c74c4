/** What the `llm` researcher reads of the study: diffs and logs of experiments, and the fixed files. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTextReader } from '../../../src/adapters/researchers/llm/experiment-texts.ts';
import { createFixedFiles } from '../../../src/adapters/researchers/llm/fixed-files.ts';
import type { History } from '../../../src/core/journal/history.ts';
import { createMemoryWorkspace } from '../../../src/testing/memory-workspace.ts';
import { createScriptedEngine } from '../../../src/testing/scripted-engine.ts';
import { historyOf } from '../../helpers/study-history.ts';

const temporaryFolder = () => mkdtemp(join(tmpdir(), 'nocturne-reading-'));
const files = {
  'sandbox/tiny/train.py': 'LR = 0.1\n',
  'sandbox/tiny/prepare.py': 'SEED = 1\n',
  'sandbox/tiny/data.bin': 'a\0b',
  'sandbox/tiny/lib/net.py': 'WIDTH = 8\n',
  'secrets/key.txt': 'sk-1\n',
};
const workspace = createMemoryWorkspace({
  files,
  sandbox: 'sandbox/tiny',
  edit: ['train.py'],
  include: [],
  tag: 'nov23',
});

function historyFrom(start: string): History {
  const history = historyOf([{ title: 'wider', value: 2.9 }]);
  return { ...history, start };
}

test('the fixed files are the tracked texts of the sandbox, and no other path can be read', async () => {
  const fixed = createFixedFiles({
    workspace,
    folder: join(await temporaryFolder(), 'reading'),
    sandboxInRepository: 'sandbox/tiny',
  });
  const history = historyFrom(workspace.start);
  expect(await fixed.list(history)).toEqual(['lib/net.py', 'prepare.py']);
  expect(await fixed.read(history, 'prepare.py')).toBe('SEED = 1\n');
  for (const path of ['../../secrets/key.txt', '/etc/passwd', 'data.bin', '__proto__']) {
    expect(await fixed.read(history, path)).toBeUndefined();
  }
});

test('the texts of an experiment are its diff against its parent and the end of its last log', async () => {
  const folder = await temporaryFolder();
  const candidate = await workspace.commitCandidate({
    experiment: 1,
    parent: workspace.start,
    message: 'wider',
    date: '2026-11-23T00:00:00Z',
    files: { 'train.py': 'LR = 0.2\n' },
  });
  const engine = createScriptedEngine(() => ({ log: { train: 'step=1 loss=3\n' }, end: undefined }));
  await engine.submit({ id: '0001/run-1', folder: join(folder, '0001', 'run-1'), stages: [], limitSeconds: 1 });
  const history = historyFrom(workspace.start);
  const [baseline, made] = history.experiments;
  const read = createTextReader(workspace, folder, engine);
  const kept = { ...baseline, kept: workspace.start };
  const texts = await read({ ...history, experiments: [kept, { ...made, candidate }] } as History, 1);
  expect(texts.diff).toContain('+LR = 0.2');
  expect(texts.log).toBe('step=1 loss=3\n');
});

test('a log that is gone is empty', async () => {
  const engine = createScriptedEngine(() => ({ log: {}, end: undefined }));
  const read = createTextReader({ ...workspace, diff: async () => '' }, await temporaryFolder(), engine);
  expect(await read(historyFrom(workspace.start), 1)).toEqual({ diff: '', log: '' });
});
