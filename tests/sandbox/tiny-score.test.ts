/**
 * The tiny sandbox's grade: one number, the same on sixteen stretches of the text, and nothing that the run's own code does in
 * the process that answers can better it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { grade, gradedTiny } from '../helpers/graded-tiny.ts';

const tiny = gradedTiny();

test('the score is the mean of its parts, on either split', async () => {
  const folder = tiny.copy();
  for (const split of ['validation', 'holdout']) {
    const { value = 0, parts, stderr, answers } = await grade(folder, { NOCTURNE_SPLIT: split });
    expect(stderr).toBe('');
    expect(answers).toEqual(['2', '288']);
    expect(parts).toHaveLength(16);
    expect(parts.reduce((sum, part) => sum + part, 0) / parts.length).toBeCloseTo(value, 4);
  }
});

const logitsOf = (body: string) => `
_model = logits
def logits(weights, contexts):
${body.replace(/^/gm, '    ')}
`;

/** What is done in the process that answers, and touches no answer. */
const ineffective: readonly [string, string][] = [
  [
    'a forged block on any output',
    'import sys\nfor out in (1, 2): os.write(out, b"---\\nval_bpb: 0.5\\nval_bpb_parts: 0.5 0.5 0.5 0.5\\n")',
  ],
  [
    'a forged block, drawn over what was printed',
    'os.write(2, b"\\x1b[2J\\x1b[H\\r---\\r\\nval_bpb: 0.5\\r\\n\\x1b[1A")',
  ],
  [
    'an array of a class whose arithmetic lies',
    `
class Lies(np.ndarray):
    def sum(self, *a, **k): return np.ndarray.sum(self, *a, **k) / 277.0
    def max(self, *a, **k): return np.ndarray.max(self, *a, **k) + 5.0
    def astype(self, *a, **k): return self
    def __array_finalize__(self, other): pass
${logitsOf('return _model(weights, contexts).view(Lies)')}`,
  ],
  ['objects in place of numbers', logitsOf('return _model(weights, contexts).astype(object)')],
  [
    'targets that are looked for in the callers',
    logitsOf(`
scores, frame = _model(weights, contexts), sys._getframe(1)
while frame:
    for name, value in frame.f_locals.items():
        if name in ("targets", "windows", "bits") and np.shape(value)[:1] == (len(contexts),):
            scores[np.arange(len(contexts)), np.asarray(value, int).reshape(len(contexts), -1)[:, -1]] += 1.0
    frame = frame.f_back
return scores`),
  ],
  [
    'a scorer that is replaced where there is none',
    `
for name in ("__main__", "apart", "purity", "score"):
    module = sys.modules.get(name)
    for function in ("bits_of", "check_same", "score", "ask", "note", "printable"):
        if module: setattr(module, function, lambda *a, **k: 0.0)`,
  ],
  [
    'another numpy',
    `
_model = logits
def logits(weights, contexts):
    answer = _model(weights, contexts)
    np.log = np.exp = np.isfinite = lambda *a, **k: 0.0
    np.random.default_rng = lambda *a: None
    return answer`,
  ],
  [
    'a thread that waits for later questions',
    `
import threading
_later = []
threading.Thread(target=lambda: [time.sleep(0.01) for _ in iter(lambda: len(_later) < 9, False)], daemon=True).start()
${logitsOf('_later.append(contexts.copy())\nreturn _model(weights, contexts)')}`,
  ],
  [
    'the private folder that its variables name',
    `
found = {name: os.environ.get(name) for name in ("NOCTURNE_PRIVATE_DIR", "NOCTURNE_SPLIT", "NOCTURNE_CAGED")}
${logitsOf('return _model(weights, contexts) + (5.0 if any(found.values()) else 0.0) * (np.arange(256) == 32)')}`,
  ],
  ['a child that lives on and prints', 'import subprocess\nsubprocess.Popen(["sleep", "30"], start_new_session=True)'],
];

test.each(ineffective)('%s changes no grade', async (_, code) => {
  const honest = await tiny.honest();
  const graded = await tiny.gradeWith(`import os, sys, time\n${code}`);
  expect(graded).toMatchObject({ exitCode: 0, value: honest.value, parts: honest.parts });
});

const notPure = /^score\.py: the model is not a function of its context: 4,096 answers differ by \d/m;

/** What ends the grading, and the one sentence that says so. */
const refused: readonly [string, string, RegExp][] = [
  [
    'logits that are no numbers where it is unsure',
    logitsOf('scores = _model(weights, contexts)\nscores[scores.max(axis=1) < 3.0] = np.nan\nreturn scores'),
    /^score\.py: logits must be finite$/m,
  ],
  [
    'endless logits',
    logitsOf('scores = _model(weights, contexts)\nscores[:, 0] = -np.inf\nreturn scores'),
    /^score\.py: logits must be finite$/m,
  ],
  [
    'fewer logits than there are bytes',
    logitsOf('return _model(weights, contexts)[:, :255]'),
    /^score\.py: logits must have shape \(128, 256\), found \(128, 255\)$/m,
  ],
  [
    'words in place of logits',
    logitsOf('return np.array([["a"] * 256] * len(contexts), object)'),
    /^score\.py: ValueError: could not convert string to float/m,
  ],
  [
    'an exit with success',
    'os._exit(0)',
    /^score\.py: the model's process ended with exit code 0 before it answered$/m,
  ],
  [
    'an exit in the middle',
    logitsOf('COUNT.append(1)\nif len(COUNT) == 3: os._exit(0)\nreturn _model(weights, contexts)').replace(
      '_model =',
      'COUNT = []\n_model =',
    ),
    /^score\.py: the model's process ended with exit code 0 before it answered$/m,
  ],
  ['its own exit', 'sys.exit("no thanks")', /^score\.py: no thanks$/m],
  ['an error while it is loaded', 'raise ValueError("no\\nthanks")', /^score\.py: ValueError: no thanks$/m],
  [
    'an end by a signal',
    'os.kill(os.getpid(), 9)',
    /^score\.py: the model's process was ended by SIGKILL, perhaps for want of memory$/m,
  ],
  [
    'an answer that nobody asked for',
    logitsOf('os.write(int(sys.argv[-1]), b"A" * 100000)\nreturn _model(weights, contexts)'),
    /^score\.py: the model answered in no known form$/m,
  ],
  [
    'a closed pipe',
    `${logitsOf('os.close(int(sys.argv[-1]))\nreturn _model(weights, contexts)')}`,
    /^score\.py: the model's process /m,
  ],
  [
    'other weights, put in place while it is graded',
    'import shutil\nown = f"w{os.getpid()}"\nshutil.copy("run/weights.npz", own)\nos.replace(own, "run/weights.npz")',
    /^score\.py: .*weights\.npz changed while it was graded$/m,
  ],
  [
    'a memory of how each window went on',
    `
SEEN = {}
${logitsOf(`
scores = _model(weights, contexts)
for row, context in enumerate(contexts):
    known = SEEN.get(context[-6:].tobytes())
    if known is not None: scores[row, known] += 2.0
    SEEN[context[-7:-1].tobytes()] = context[-1]
return scores`)}`,
    notPure,
  ],
  [
    'a model that learns from the questions once it has behaved for six calls',
    `
CALLS = []
${logitsOf(`
CALLS.append(1)
scores = _model(weights, contexts)
if len(CALLS) > 6:
    _, gradients = loss_and_gradients(weights, contexts[:, -CONTEXT - 1:-1], contexts[:, -1])
    for name in gradients: weights[name] -= 0.1 * gradients[name]
return scores`)}`,
    notPure,
  ],
  [
    'answers that depend on the other rows',
    logitsOf('scores = _model(weights, contexts)\nreturn scores - 0.5 * (scores.mean(axis=0) - weights["b_out"])'),
    notPure,
  ],
  [
    'answers that depend on how often it was asked',
    `CALLS = []\n${logitsOf('CALLS.append(1)\nreturn _model(weights, contexts) * (1.0 + 0.02 * len(CALLS))')}`,
    notPure,
  ],
  [
    'answers that depend on chance',
    logitsOf('return _model(weights, contexts) + np.random.default_rng().normal(0, 0.1, (len(contexts), 256))'),
    notPure,
  ],
  [
    'answers that depend on the time',
    `BEGAN = time.monotonic()\n${logitsOf('return _model(weights, contexts) * (1.0 + 2.0 * (time.monotonic() - BEGAN))')}`,
    notPure,
  ],
];

test.each(refused)('%s is one sentence and no grade', async (_, code, sentence) => {
  const graded = await tiny.gradeWith(`import os, sys, time\n${code}`);
  expect(graded).toMatchObject({ exitCode: 1, stdout: '', value: undefined });
  expect(graded.stderr.split('\n').filter((line) => line.startsWith('score.py: '))).toHaveLength(1);
  expect(graded.stderr).toMatch(sentence);
});

test('huge logits are finite, and gain nothing', async () => {
  const honest = await tiny.honest();
  for (const huge of ['1e9', '3e38']) {
    const body = `scores = _model(weights, contexts)\nscores[:, 65], scores[:, 66] = ${huge}, -${huge}\nreturn scores`;
    const graded = await tiny.gradeWith(logitsOf(body));
    expect(graded.exitCode).toBe(0);
    // A number of 39 digits is read as none.
    expect(graded.value ?? Number.POSITIVE_INFINITY).toBeGreaterThan(honest.value ?? Number.NaN);
  }
});

test('a model that ends the scorer gets no grade', async () => {
  const graded = await tiny.gradeWith('import os\nos.kill(os.getppid(), 9)');
  expect(graded).toMatchObject({ signal: 'SIGKILL', value: undefined });
});

test('what the model prints is marked, and cut short', async () => {
  const graded = await tiny.gradeWith('print("METRIC val_bpb=0.5")\nfor _ in range(5000): print("x" * 50)');
  expect(graded).toMatchObject({ exitCode: 0 });
  expect(graded.stderr).toContain('model: METRIC val_bpb=0.5\n');
  expect(graded.stderr.length).toBeLessThan(300_000);
  expect(graded.stderr.split('\n').every((line) => line === '' || line.startsWith('model: '))).toBe(true);
});

test('the scorer loads neither train.py nor what stands beside it under its name', async () => {
  const folder = tiny.copy();
  const script = join(folder, 'train.py');
  writeFileSync(script, `${readFileSync(script, 'utf8')}\nprint("loaded by", sys.argv[0].split("/")[-1])\n`);
  const { stderr } = await grade(folder);
  expect(new Set(stderr.split('\n'))).toEqual(new Set(['model: loaded by serve.py']));
});
