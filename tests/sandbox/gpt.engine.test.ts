/** The gpt sandbox with a real torch on the CPU. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMeasurement } from '../../src/core/run/measurement.ts';
import { enginePython } from '../helpers/engine-python.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const metric = { name: 'val_bpb', goal: 'minimize' } as const;
let shared = '';

interface Said {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the sandbox's scripts; the prepared text is shared, everything else is the folder's own. */
async function python(folder: string, script: string, args: string[] = [], more = {}): Promise<Said> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NOCTURNE_DATA_DIR: join(shared, 'data'), NOCTURNE_PRIVATE_DIR: join(shared, 'private') };
  const { exitCode, stdout, stderr } = await execa(enginePython(), [script, ...args], {
    cwd: folder,
    env: { ...env, NOCTURNE_RUN_DIR: join(folder, 'run'), ...more },
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

function sandbox(): string {
  const folder = temporaryFolder();
  cpSync('sandbox/gpt', folder, { recursive: true });
  return folder;
}

function edit(folder: string, before: string, after: string): void {
  const script = join(folder, 'train.py');
  const source = readFileSync(script, 'utf8');
  expect(source.split(before)).toHaveLength(2);
  writeFileSync(script, source.split(before).join(after));
}

beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), 'nocturne-gpt-'));
  const { exitCode, stdout } = await python('sandbox/gpt', 'prepare.py', ['--data', 'stdlib', '--seq-len', '64']);
  expect(stdout).toContain('made: stdlib, tokens of 256 kinds');
  expect(exitCode).toBe(0);
});

afterAll(() => rmSync(shared, { recursive: true, force: true }));

test('preparing the same text again makes nothing a second time', async () => {
  const { stdout } = await python('sandbox/gpt', 'prepare.py', ['--data', 'stdlib', '--seq-len', '64']);
  expect(stdout).toContain('cached: stdlib');
});

test('a short training learns, and its grade comes from a second process', async () => {
  const folder = sandbox();
  const trained = await python(folder, 'train.py', [], { NOCTURNE_BUDGET_SECONDS: '5' });
  expect(trained).toMatchObject({ exitCode: 0, stderr: '' });
  expect(trained.stdout).not.toContain('val_bpb');
  const scored = await python(folder, 'score.py');
  const reading = readMeasurement(
    { trainLog: trained.stdout, scoreLog: scored.stdout, metricsJson: undefined },
    metric,
  );
  // Eight bits a byte is what a model knows that has learned nothing.
  expect(reading).toMatchObject({ kind: 'measured', measurement: { vouched: 'scored' } });
  expect(reading.kind === 'measured' && reading.measurement.value).toBeLessThan(6);
  expect(reading.kind === 'measured' && reading.measurement.parts).toHaveLength(16);
  expect(reading.kind === 'measured' && Object.keys(reading.measurement.metrics)).toEqual(
    expect.arrayContaining(['training_seconds', 'peak_memory_mb', 'num_steps', 'tokens_per_second', 'num_params_M']),
  );
});

test('a model that looks ahead gets no grade', async () => {
  const folder = sandbox();
  edit(folder, 'is_causal=True', 'is_causal=False');
  await python(folder, 'train.py', [], { NOCTURNE_BUDGET_SECONDS: '3' });
  const { exitCode, stdout, stderr } = await python(folder, 'score.py');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(looksAhead);
});

const looksAhead =
  /^score\.py: the model looks ahead: what comes after a position changes its logits: [\d,]+ answers differ/m;
const noFunction = /^score\.py: the model is not a function of the window that it is shown: [\d,]+ answers differ/m;

/** A model that is graded in another way than it was trained: `body` makes the answer from \`logits\` and \`tokens\`. */
const graded = (body: string, before = '') => `
${before}
_forward = GPT.forward
def forward(self, tokens):
    logits = _forward(self, tokens)
    if self.training: return logits
${body.replace(/^/gm, '    ')}
    return logits
GPT.forward = forward


if __name__ == "__main__":`;

const addNext = 'logits[:, :-1].scatter_add_(2, tokens[:, 1:, None], torch.full_like(logits[:, 1:, :1], GAIN))';

describe('of one training', () => {
  let trained = '';
  let value: string | undefined;
  const gradeWith = async (code: string) => {
    const folder = temporaryFolder();
    cpSync(trained, folder, { recursive: true });
    edit(folder, 'if __name__ == "__main__":', code);
    return python(folder, 'score.py');
  };
  beforeAll(async () => {
    trained = mkdtempSync(join(tmpdir(), 'nocturne-gpt-'));
    cpSync('sandbox/gpt', trained, { recursive: true });
    await python(trained, 'train.py', [], { NOCTURNE_BUDGET_SECONDS: '4' });
    value = /val_bpb: (\S+)/.exec((await python(trained, 'score.py')).stdout)?.[1];
  });
  afterAll(() => rmSync(trained, { recursive: true, force: true }));

  test('a model that computes with half the precision, in chunks of any size, is honest', async () => {
    const chunks = `
with torch.autocast("cpu", torch.bfloat16):
    logits = torch.cat([_forward(self, rows) for rows in tokens.split(random.randint(1, len(tokens)))])`;
    const { exitCode, stdout } = await gradeWith(graded(chunks, 'import random'));
    expect(exitCode).toBe(0);
    expect(Number(/val_bpb: (\S+)/.exec(stdout)?.[1])).toBeCloseTo(Number(value), 2);
  });

  test.each<[string, string, RegExp]>([
    ['a hint of the next token', graded(addNext, 'GAIN = 0.05'), looksAhead],
    [
      'which tokens are still to come',
      graded(
        'kinds = F.one_hot(tokens, logits.size(-1)).float()\nlogits = logits + 0.3 * (kinds.flip(1).cumsum(1).flip(1) - kinds).log1p()',
      ),
      looksAhead,
    ],
    [
      'the next token, once it has behaved for six calls',
      graded(`CALLS.append(1)\nif len(CALLS) > 6:\n    ${addNext}`, 'CALLS, GAIN = [], 1.0'),
      noFunction,
    ],
    [
      'the tokens of the windows before',
      graded(
        `
if SEEN: logits = logits + 0.5 * sum(SEEN).log1p()
SEEN.append(torch.bincount(tokens.flatten(), minlength=logits.size(-1)).float())`,
        'SEEN = []',
      ),
      noFunction,
    ],
  ])('a model that answers with %s gets no grade', async (_, code, sentence) => {
    const { exitCode, stdout, stderr } = await gradeWith(code);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});

test('the scorer needs no torch of its own', async () => {
  const { stdout } = await python('sandbox/gpt', '-c', ['import score, sys; print("torch" in sys.modules)']);
  expect(stdout).toBe('False');
});

test('a diverging training ends at once and says so', async () => {
  const folder = sandbox();
  edit(folder, 'SOFTCAP * torch.tanh(logits / SOFTCAP)', 'logits * float("nan")');
  const { exitCode, stdout } = await python(folder, 'train.py', [], { NOCTURNE_BUDGET_SECONDS: '60' });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('FAIL loss=nan at step 0: training diverged');
});

test('the budget, the seed and the smoke flag come from the environment', async () => {
  const folder = sandbox();
  const steps = async (seed: string) => {
    const env = { SMOKE: '1', NOCTURNE_BUDGET_SECONDS: '300', NOCTURNE_SEED: seed };
    return (await python(folder, 'train.py', [], env)).stdout.split('\n')[0];
  };
  const [first, again, other] = [await steps('1'), await steps('1'), await steps('2')];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test.each([
  [
    ['--data', '/nowhere/text'],
    'the data could not be prepared: --data names /nowhere/text, which is no file and no folder',
  ],
  [['--bpe', '7'], '--bpe must be 0 or from 300 to 65536, found 7'],
  [['--data', 'stdlib', '--seq-len', '100000'], 'stdlib has too little text'],
])('python prepare.py %j is refused in one sentence', async (args, sentence) => {
  const folder = temporaryFolder();
  const own = { NOCTURNE_DATA_DIR: join(folder, 'data'), NOCTURNE_PRIVATE_DIR: join(folder, 'private') };
  const { exitCode, stderr } = await python('sandbox/gpt', 'prepare.py', args, own);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(sentence);
});

test('a download that is not to be had falls back on text that needs none, and says so', async () => {
  const folder = temporaryFolder();
  const script = `
import gather, prepare
from pathlib import Path
asked = {"data": "auto", "bpe": 0, "megabytes": 4, "seq_len": 64, "gpu": True, "windows": 64}
made = gather.gather(asked, {side: Path(r"${folder}") / side for side in ("train", "validation", "holdout")}, print)
print(made["data"])
`;
  const { stdout } = await execa(enginePython(), ['-c', script], {
    cwd: 'sandbox/gpt',
    env: { HF_ENDPOINT: 'http://127.0.0.1:9', XDG_CACHE_HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
  });
  expect(stdout).toContain('could not be downloaded');
  expect(stdout.split('\n').at(-1)).toBe('stdlib');
});
