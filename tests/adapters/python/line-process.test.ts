import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLineProcess } from '../../../src/adapters/python/line-process.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const echo = `import os, sys
for line in sys.stdin:
    line = line.strip()
    if line == "die":
        os.abort()
    if line != "hang":
        print(line, os.getpid(), flush=True)
`;

function echoing() {
  const script = join(temporaryFolder(), 'echo.py');
  writeFileSync(script, echo);
  return createLineProcess({ python: 'python3', args: ['-I', '-S', script] });
}

const pidIn = (answer: string | undefined) => answer?.split(' ')[1];

it('answers questions that come together one after the other, in one process', async () => {
  const { ask } = echoing();
  const answers = await Promise.all(['a', 'b', 'c'].map((line) => ask(line, 60)));
  expect(answers.map((answer) => answer?.split(' ')[0])).toEqual(['a', 'b', 'c']);
  expect(new Set(answers.map(pidIn)).size).toBe(1);
});

it.each(['die', 'hang'])(
  'a process that would %s has no answer, and the next question another process',
  async (line) => {
    const { ask } = echoing();
    const before = await ask('before', 60);
    expect(await ask(line, line === 'hang' ? 0.05 : 60)).toBeUndefined();
    const after = await ask('after', 60);
    expect(after).toMatch(/^after \d+$/);
    expect(pidIn(after)).not.toBe(pidIn(before));
  },
);

it('an abort gives the question up', async () => {
  const stop = new AbortController();
  const asking = echoing().ask('hang', 60, stop.signal);
  stop.abort();
  expect(await asking).toBeUndefined();
});

it('a command that cannot be started is an error', async () => {
  const { ask } = createLineProcess({ python: '/no/such/python', args: [] });
  await expect(ask('a', 60)).rejects.toThrow('ENOENT');
});

it('an answer that came while this process stood still counts', async () => {
  const { ask } = echoing();
  await ask('before', 60);
  const asking = ask('during', 0.2);
  // The question is written in the next turn of the event loop.
  await new Promise(setImmediate);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  expect(await asking).toMatch(/^during \d+$/);
});
