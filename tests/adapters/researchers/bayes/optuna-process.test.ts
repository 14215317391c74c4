import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createOptunaProcess } from '../../../../src/adapters/researchers/bayes/optuna-process.ts';
import type { SearchQuestion } from '../../../../src/core/space/search/search-question.ts';

const question: SearchQuestion = {
  sampler: 'tpe',
  seed: 1,
  space: [],
  current: {},
  trials: [],
  running: [],
  mayRepeat: false,
};
const { signal } = new AbortController();

/** A program in the place of Python, which notes each of its starts and then does this. */
function python(body: string) {
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'python');
  writeFileSync(path, `#!/bin/bash\necho x >> ${folder}/starts\n${body}\n`, { mode: 0o755 });
  return { python: path, sites: [], version: '5', hasGp: false, starts: join(folder, 'starts') };
}

it('an answer is the values of one line', async () => {
  const process = createOptunaProcess(python(`read line; echo '{"values": {"a": 1}, "sampler": "TPE"}'; read line`));
  expect(await process.ask(question, signal)).toEqual({ kind: 'answer', values: { a: 1 }, sampler: 'TPE' });
});

it('a process that dies is started again and asked the same question', async () => {
  const once = python('');
  const dies = `read line; if [ $(wc -l < ${once.starts}) -lt 3 ]; then exit 1; fi; echo "{\\"error\\": \\"$(echo $line | wc -c)\\"}"; read line`;
  const program = { ...once };
  writeFileSync(once.python, `#!/bin/bash\necho x >> ${once.starts}\n${dies}\n`, { mode: 0o755 });
  const length = JSON.stringify(question).length + 1;
  expect(await createOptunaProcess(program).ask(question, signal)).toEqual({ kind: 'failed', reason: String(length) });
});

it('a process that hangs is given up', async () => {
  const { python: path, ...rest } = python('sleep 1000');
  const process = createOptunaProcess({ python: path, ...rest }, 0.05);
  const reason = 'it gave no answer in 3 attempts of at most 0.05 s';
  expect(await process.ask(question, signal)).toEqual({ kind: 'failed', reason });
});

it('what is no answer is a failure, not a crash', async () => {
  const process = createOptunaProcess(python(`read line; echo 'Traceback'; read line`));
  expect(await process.ask(question, signal)).toEqual({ kind: 'failed', reason: 'it answered "Traceback"' });
});

it('an interrupted question ends the process', async () => {
  const stop = new AbortController();
  const process = createOptunaProcess(python('sleep 1000'));
  const answer = process.ask(question, stop.signal);
  stop.abort();
  expect(await answer).toEqual({ kind: 'failed', reason: 'it was interrupted' });
});
