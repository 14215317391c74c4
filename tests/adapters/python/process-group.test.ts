/** Ctrl-C and a closed terminal signal every process of the controller's group: what works for it is not among them. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKnobReader } from '../../../src/adapters/python/knob-reader.ts';
import { createSourceInspector } from '../../../src/adapters/python/source-inspector.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const files = { 'train.py': 'LR = 0.1\n' };
const group = 'import os; print(os.getpgrp())';

test.each<[string, (interpreter: string) => Promise<unknown>]>([
  ['the reader of knobs', (interpreter) => createKnobReader(interpreter).read(files)],
  ['the inspector of sources', (interpreter) => createSourceInspector(interpreter)(files)],
])('%s is in a process group of its own', async (_, ask) => {
  const folder = temporaryFolder();
  const interpreter = join(folder, 'python');
  writeFileSync(interpreter, `#!/bin/sh\npython3 -c '${group}' > '${folder}/group'\nexec python3 "$@"\n`);
  chmodSync(interpreter, 0o755);
  expect(await ask(interpreter)).toMatchObject({ kind: 'read' });
  const own = execFileSync('python3', ['-c', group], { encoding: 'utf8' });
  expect(own).toMatch(/^\d+\n$/);
  const asked = readFileSync(join(folder, 'group'), 'utf8');
  expect(asked).toMatch(/^\d+\n$/);
  expect(asked).not.toBe(own);
});
