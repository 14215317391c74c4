/**
 * The wire between a scorer and the process that answers it (docs/scoring.md), against processes that keep to it and
 * processes that do not. Every sandbox has the same files for it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { withoutAnswerLines } from '../helpers/answer-lines.ts';
import { fastFolder } from '../helpers/fast-folder.ts';

test.each(['apart.py', 'purity.py'])('%s is the same in both sandboxes', (file) => {
  expect(readFileSync(join('sandbox/gpt', file), 'utf8')).toBe(readFileSync(join('sandbox/tiny', file), 'utf8'));
});

/** A scorer that asks for the doubles of six numbers; how patient it is stands in its environment. */
const scorer = `
import os, sys
import apart
import numpy as np
def main(model, witness):
    for each in (witness, model):
        each.send(np.arange(6, dtype=np.int64).reshape(2, 3))
    return "\\n".join(str(np.frombuffer(each.receive((2, 3)), np.float32).tolist()) for each in (model, witness))
apart.run(main, apart.Models([sys.executable, "serve.py", "word"], **{
    name: float(os.environ.get(name, "120")) for name in ("load_seconds", "answer_seconds")}))
`;

const served = (load: string) => `import os, sys, time\nimport apart\n${load}\napart.serve(load)\n`;
const doubling = served('def load():\n    assert sys.argv[1] == "word"\n    return lambda numbers: numbers * 2');
/** A process that speaks for itself: \`ask\` and \`say\` are its pipes. */
const raw = (body: string) =>
  `import os, struct, sys, time\nask, say = int(sys.argv[-2]), int(sys.argv[-1])\n${body}\nos.read(ask, 1 << 16)\n`;

interface Said {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Without the lines that say how many answers had come. */
  readonly stderr: string;
  readonly answers: readonly string[];
}

async function converse(
  serve: string,
  environment: Record<string, string> = {},
  folder = fastFolder(),
  score = scorer,
): Promise<Said> {
  writeFileSync(join(folder, 'apart.py'), readFileSync(resolve('sandbox/tiny/apart.py')));
  writeFileSync(join(folder, 'score.py'), score);
  writeFileSync(join(folder, 'serve.py'), serve);
  const { exitCode, stdout, stderr } = await execa('python3', ['score.py'], {
    cwd: folder,
    env: environment,
    reject: false,
  });
  const { answers, rest } = withoutAnswerLines(stderr);
  return { exitCode, stdout, stderr: rest, answers };
}

test('both processes answer', async () => {
  const answer = '[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]';
  expect(await converse(doubling)).toEqual({
    exitCode: 0,
    stdout: `---\n${answer}\n${answer}`,
    stderr: '',
    answers: ['2', '2'],
  });
});

test('a scorer says when each process has answered once, and how many answers it had in all', async () => {
  const folder = fastFolder();
  const more = 'for _ in range(3):\n        model.send(np.zeros((1, 3), np.int64))\n        model.receive((1, 3))';
  const thrice = scorer
    .replace('    return', '    said =')
    .replace('apart.run(main', `    ${more}\n    return said\napart.run(main`);
  const said = await converse(doubling, {}, folder, thrice);
  expect(said).toMatchObject({ exitCode: 0, answers: ['2', '5'] });
});

test.each<[string, string, string]>([
  ['loads for ever', raw('time.sleep(60)'), 'the model did not load within 1 s'],
  ['does not answer', raw('os.write(say, b"R"); time.sleep(60)'), 'the model did not answer within 1 s'],
  [
    'does not read its question',
    raw('os.close(ask); os.write(say, b"R"); time.sleep(60)'),
    "the model's process closed its pipe",
  ],
  [
    'answers byte by byte, for ever',
    raw('os.write(say, b"R"); os.read(ask, 99)\nwhile True: os.write(say, b"A"); time.sleep(0.3)'),
    'the model answered in no known form',
  ],
  [
    'begins an answer and waits',
    raw('os.write(say, b"R"); os.read(ask, 99); os.write(say, b"A\\3\\2" + struct.pack("<II", 2, 3)); time.sleep(60)'),
    'the model did not answer within 1 s',
  ],
  [
    'says that an answer is larger than any memory',
    raw('os.write(say, b"R"); os.read(ask, 99); os.write(say, b"A\\3\\2" + struct.pack("<II", 2**31, 2**31))'),
    'logits must have shape (2, 3), found (2147483648, 2147483648)',
  ],
  [
    'answers in another type',
    raw('os.write(say, b"R"); os.read(ask, 99); os.write(say, b"A\\2\\2" + struct.pack("<II", 2, 3) + bytes(48))'),
    'the model answered in no known form',
  ],
  [
    'answers before it is asked',
    raw('os.write(say, b"RA\\3\\2")\ntime.sleep(0)'),
    'the model answered before it was asked',
  ],
  [
    'speaks in tongues',
    raw('os.write(say, os.urandom(64).replace(b"E", b"e").replace(b"R", b"r"))'),
    'the model answered in no known form',
  ],
  [
    'sends control characters as its reason',
    raw('os.write(say, b"E" + struct.pack("<I", 2**32 - 1) + b"\\x1b[2Jno\\n---\\nval_bpb: 1" + b" " * 2000)'),
    '?[2Jno --- val_bpb: 1',
  ],
  ['has no load that works', served('def load(): return 1 / 0'), 'ZeroDivisionError: division by zero'],
  [
    'answers with nothing',
    served('def load(): return lambda numbers: None'),
    'logits must have shape (2, 3), found (1,)',
  ],
])('a process that %s is one sentence', async (_, serve, sentence) => {
  const impatient = /did not (load|answer)/.exec(sentence)?.[1];
  const said = await converse(serve, impatient === undefined ? {} : { [`${impatient}_seconds`]: '1' });
  expect(said).toMatchObject({ exitCode: 1, stdout: '' });
  expect(said.stderr.split('\n').at(-1)).toBe(`score.py: ${sentence}`);
});

test('the process is told nothing of the split, the private data and the cage', async () => {
  const show = served(
    'print(sorted(name for name in os.environ if name.startswith("NOCTURNE")))\ndef load(): return lambda x: x * 2',
  );
  const environment = {
    NOCTURNE_PRIVATE_DIR: '/p',
    NOCTURNE_SPLIT: 'holdout',
    NOCTURNE_DATA_DIR: '/d',
    NOCTURNE_SEED: '3',
  };
  const { stderr } = await converse(show, environment);
  expect(new Set(stderr.split('\n'))).toEqual(new Set(["model: ['NOCTURNE_DATA_DIR', 'NOCTURNE_SEED']"]));
});

test('the processes have folders of their own, and nothing is left in the temporary folder', async () => {
  const folder = fastFolder();
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const write = 'import tempfile\nprint(tempfile.gettempdir())\nopen(os.path.join(tempfile.gettempdir(), "x"), "w")';
  const { stderr } = await converse(
    served(`${write}\ndef load(): return lambda x: x * 2`),
    { TMPDIR: temporary },
    folder,
  );
  expect(new Set(stderr.split('\n')).size).toBe(2);
  expect(readdirSync(temporary)).toEqual([]);
});

test('lines of both processes do not run into each other', async () => {
  const many = 'for _ in range(1500): print("one line", flush=True)';
  const { stderr } = await converse(served(`${many}\ndef load(): return lambda x: x * 2`));
  expect(new Set(stderr.split('\n'))).toEqual(new Set(['model: one line']));
});

/** Stands for the launcher of a cage: it runs, in its own words, what is put behind it. */
function launcher(folder: string, body: string): Record<string, string> {
  const path = join(folder, 'launcher.py');
  writeFileSync(path, `import os, sys\n${body}\nos.execvp(sys.argv[2], sys.argv[2:])\n`);
  return { NOCTURNE_CAGED: JSON.stringify(['python3', path, '--']) };
}

test('what NOCTURNE_CAGED names is put before both processes, with their pipes', async () => {
  const folder = fastFolder();
  const said = await converse(doubling, launcher(folder, 'print("entered", flush=True)'), folder);
  expect(said).toMatchObject({ exitCode: 0, stderr: 'model: entered\nmodel: entered' });
});

test('a cage that cannot be entered is told from a model that fails', async () => {
  const folder = fastFolder();
  const said = await converse(doubling, launcher(folder, 'sys.exit(125)'), folder);
  expect(said).toMatchObject({ exitCode: 125, stderr: "score.py: the cage of the model's process cannot be entered" });
  expect(await converse(raw('sys.exit(125)'))).toMatchObject({ exitCode: 1 });
});
