import { expect, test } from 'vitest';
import { withTimeBudget } from '../../../src/core/brief/karpathy/time-budget.ts';
import { type KarpathyFolder, karpathyBrief } from '../../../src/core/brief/karpathy-brief.ts';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';

const trainText = 'print(f"val_bpb: {val_bpb:.6f}")';
const folderOf = ({
  programText = '# autoresearch\n',
  files = { pyproject: false, uv: false },
  name = 'night',
  ledger,
  ...texts
}: Partial<Omit<KarpathyFolder, 'texts'>> & { readonly [file: `${string}.${string}`]: string }): KarpathyFolder => ({
  programText,
  name,
  files,
  ledger,
  texts: { 'train.py': trainText, ...texts },
});
const briefOf = (folder: Parameters<typeof folderOf>[0]) => karpathyBrief(folderOf(folder)).brief;
const budgetLine = 'MAX_SEQ_LEN = 2048\nTIME_BUDGET = 300        # training time budget in seconds\n';

test('a folder of prose and train.py minimises val_bpb', () => {
  expect(briefOf({ 'prepare.py': budgetLine })).toMatchObject({
    prose: '# autoresearch',
    form: 'karpathy',
    sandbox: '.',
    edit: ['train.py'],
    metric: { name: 'val_bpb', goal: 'minimize' },
    train: ['python', 'train.py'],
    budgetSeconds: 300,
    timeoutSeconds: 720,
  });
});

test.each([
  ['TIME_BUDGET = 300', 300],
  ['TIME_BUDGET = 5 * 60  # five minutes', 300],
  ['TIME_BUDGET: int = 1_200', 1200],
  ['TIME_BUDGET = 60*2 + 30.5', 150.5],
  ['if TIME_BUDGET == 3: pass', 300],
  ['', 300],
])('%j is a budget of %d s', (prepareText, budgetSeconds) => {
  expect(briefOf({ 'prepare.py': prepareText }).budgetSeconds).toBe(budgetSeconds);
});

test('no prepare.py is a budget of five minutes', () => {
  expect(briefOf({}).budgetSeconds).toBe(300);
});

test.each([
  ['TIME_BUDGET = int(os.environ["T"])', '`int(os.environ["T"])`'],
  ['TIME_BUDGET = 0', '`0`'],
  ['TIME_BUDGET =', 'nothing'],
])('%j is an error, not a guess', (line, found) => {
  expect(() => briefOf({ 'prepare.py': `import os\n${line}` })).toThrow(
    `prepare.py line 2: \`TIME_BUDGET\` must be seconds such as 300 or 5 * 60, found ${found}`,
  );
});

test.each([
  [{ pyproject: true, uv: true, venvPython: '/p/.venv/bin/python' }, undefined, ['python', 'train.py']],
  [{ pyproject: true, uv: true }, ['uv', 'sync'], ['.venv/bin/python', 'train.py']],
  [{ pyproject: true, uv: false }, undefined, ['python', 'train.py']],
  [{ pyproject: false, uv: true }, undefined, ['python', 'train.py']],
])('%j trains with its own python', (files, prepare, train) => {
  const brief = briefOf({ files });
  expect([brief.prepare, brief.train]).toEqual([prepare, train]);
});

test('a folder in which two places name no metric is an error that shows what was found', () => {
  expect(() => briefOf({ 'train.py': 'print("acc: 1")' })).toThrow(
    'program.md has no front matter, and its metric must be named in two places, found none',
  );
  expect(() => briefOf({ 'train.py': 'x = 1', programText: 'Read it with `grep "^score:" run.log`.' })).toThrow(
    'must be named in two places, found `score` in its grep',
  );
});

const fork = [
  'Your goal is to get the highest **val_acc**.',
  '**What you CAN do:**',
  '- Modify `model.py` — this is the only file you edit.',
  '**What you CANNOT do:**',
  '- Modify `prepare.py`. It is read-only.',
  '1. Run: `uv run run.py "<description>" > run.log 2>&1`',
  '2. Read it: `grep "^val_acc:\\|^peak_vram_mb:" run.log`',
  'commit\tval_acc\tmemory_gb\tstatus\tdescription',
].join('\n');
const forkTexts = { 'model.py': 'x = 1', 'run.py': 'print(f"val_acc: {x}")', 'prepare.py': 'TIME_BUDGET_MINUTES = 2' };

test('a fork with another metric, file, command and time says each, and where it is from', () => {
  const { brief, assumed } = karpathyBrief(folderOf({ programText: fork, ...forkTexts }));
  expect(brief).toMatchObject({
    metric: { name: 'val_acc', goal: 'maximize', pattern: '(?:^|[\\s|,;(])val_acc\\s*[:=]\\s*([-+\\w.,]*[-+\\w.])' },
    edit: ['model.py'],
    train: ['python', 'run.py', 'nocturne'],
    budgetSeconds: 120,
  });
  expect(assumed).toEqual([
    {
      line: String.raw`metric: { name: val_acc, pattern: '(?:^|[\s|,;(])val_acc\s*[:=]\s*([-+\w.,]*[-+\w.])' }`,
      why: 'its grep, the header of its ledger, its prose, what the scripts print; program.md line 7',
    },
    { line: 'goal: maximize', why: 'its name' },
    { line: 'edit: [model.py]', why: 'program.md line 3' },
    { line: 'train: python run.py nocturne', why: 'program.md line 6' },
    { line: 'budget: 2m', why: 'prepare.py line 1' },
  ]);
});

test.each([
  ['val_loss: 0.5', '0.5'],
  ['step 9 val_loss:3.2800 time:1s', '3.2800'],
  ['val_loss = 9.5e-05,', '9.5e-05'],
  ['val_loss: nan', 'nan'],
  ['val_loss: 1,234', '1,234'],
  ['best_val_loss: 1', undefined],
])('the pattern of such a metric finds in %j the number %s', (line, found) => {
  const { metric } = briefOf({ programText: '`grep "val_loss:" run.log`', 'train.py': 'print(f"val_loss: {x}")' });
  expect(new RegExp(metric.pattern ?? '', 'm').exec(line)?.[1]).toBe(found);
});

test.each([
  ['a block that the script prints behind ---', 'print("---")\nprint(f"val_mae: {x}")', undefined],
  ['lines alone', 'print(f"val_mae: {x}")', expect.any(String)],
])('a metric in %s has the pattern %j', (_, script, pattern) => {
  expect(briefOf({ programText: 'Get the lowest `val_mae`.', 'train.py': script }).metric.pattern).toEqual(pattern);
});

test.each([
  ['the first of a grep', '`grep "^knn_10:\\|^knn_25:" run.log`\nHigher is better.', 'knn_10', 'maximize'],
  ['a block of results', 'Higher is better.\n```\n---\nknn_10:    0.5\nknn_25:    0.6\n```', 'knn_10', 'maximize'],
  ['a header with blanks', 'commit  val_mae  val_r2  memory_gb  status  description', 'val_mae', 'minimize'],
  ['a sentence', 'The primary metric is `knn_10`.\n- direction: `maximize`', 'knn_10', 'maximize'],
])('a metric is found in %s', (_, programText, name, goal) => {
  const script = 'print(f"knn_10: {a} knn_25: {b}"); print(f"val_mae: {c}"); print(f"val_r2: {d}")';
  expect(briefOf({ programText, 'train.py': script }).metric).toMatchObject({ name, goal });
});

test('the ledger beside the brief names the metric, and its keeps the direction', () => {
  const ledger = { metric: 'nba_core', goal: 'maximize' as const };
  const { brief, assumed } = karpathyBrief(folderOf({ ledger, 'train.py': 'print(f"nba_core: {x}")' }));
  expect(brief.metric).toMatchObject({ name: 'nba_core', goal: 'maximize' });
  expect(assumed[1]).toEqual({ line: 'goal: maximize', why: 'the ledger beside it' });
});

test('a direction that nothing says is an error', () => {
  expect(() => briefOf({ ledger: { metric: 'foo', goal: undefined }, 'train.py': 'print(f"foo: {x}")' })).toThrow(
    'the name `foo` does not say which way is better',
  );
});

test.each([
  ['ONLY modify `attack.py`. Never touch `prepare.py` or `run.py`.', ['attack.py']],
  ['1. **Only edit `attack.py`.** Do not modify `run.py`.', ['attack.py']],
  ['`attack.py` is the only file the agent may modify.', ['attack.py']],
  ['- `night/attack.py` — the file you modify.\n- `run.py` — fixed, do not modify.', ['attack.py']],
  ['# What you CAN edit\n- `attack.py`: all of it\n- `LOG.md`\n# What you CANNOT edit\n- `run.py`', ['attack.py']],
  [
    '# Never do\n1. You may **ONLY** modify `attack.py`\n2. Start again from the present `attack.py`.\n3. Compare `attack.py` with it.',
    ['attack.py'],
  ],
  ['Nothing is said of files.', ['train.py']],
])('%j lets %j be edited', (programText, edit) => {
  const texts = { 'attack.py': 'x = 1', 'run.py': 'y = 1', 'prepare.py': 'z = 1' };
  expect(briefOf({ programText, ...texts }).edit).toEqual(edit);
});

test('where only a script that grades is there, the owner must say what may be edited', () => {
  const folder = folderOf({ programText: 'Run: `python evaluate.py > eval.log`\n`grep "^pass_rate:" eval.log`' });
  const texts = { 'evaluate.py': 'print(f"pass_rate: {x}")' };
  expect(() => karpathyBrief({ ...folder, texts })).toThrow('names no file beside it that may be edited');
});

test.each([
  ['`python3 train.py > run.log 2>&1`', ['python', 'train.py']],
  ['`uv run train.py > run.log 2>&1 & echo $! > run.pid; wait $!`', ['python', 'train.py']],
  ['`.venv/bin/python train.py --note "<short text>" > run.log`', ['python', 'train.py', '--note', 'nocturne']],
  ['`cd /home/me/night && python night/train.py > night/run.log 2>&1`', ['python', 'train.py']],
  ['4. Run: uv run train.py', ['python', 'train.py']],
  ['`bash run.sh`', ['bash', 'run.sh']],
  ['`uv run prepare.py` makes the data.\n`python train.py --fast`', ['python', 'train.py', '--fast']],
  ['`python elsewhere.py > run.log`', ['python', 'train.py']],
])('%j trains with %j', (programText, train) => {
  expect(briefOf({ programText, 'run.sh': 'x', 'prepare.py': 'y = 1' }).train).toEqual(train);
});

test.each([
  ['prepare.py', 'TIME_BUDGET = 450', 450],
  ['config.py', 'TIME_BUDGET_SECONDS = 60', 60],
  ['train.py', `TIME_BUDGET_S = float(os.environ.get('TIME_BUDGET_S', 90.0))\n${trainText}`, 90],
  ['train.py', `TIME_LIMIT_HOURS = 1\n${trainText}`, 3600],
  ['other.py', 'TIME_BUDGET_MIN = 3', 180],
])('a time in %s is read in its unit: %j', (file, text, seconds) => {
  expect(briefOf({ [file]: text }).budgetSeconds).toBe(seconds);
});

test.each([
  ['The script runs for a **fixed time budget of 20 minutes**.', 1200],
  ['Each fits in the 15-minute training budget.', 900],
  ['A training budget of 90 seconds.', 90],
])('%j is a time where no file has one', (programText, seconds) => {
  expect(briefOf({ programText }).budgetSeconds).toBe(seconds);
});

test('a longer time is written in the unit of its constant', () => {
  expect(withTimeBudget('a = 1\nTIME_BUDGET_MINUTES = 2 # short\n', 600)).toBe('a = 1\nTIME_BUDGET_MINUTES = 10\n');
});

test('the lines that say what was assumed are a front matter with the same meaning', () => {
  const { brief, assumed } = karpathyBrief(folderOf({ programText: fork, ...forkTexts }));
  const frontMatter = ['---', ...assumed.map(({ line, why }) => `${line}  # ${why}`), '---', fork].join('\n');
  expect({ ...parseBrief(frontMatter, 'program.md'), form: 'karpathy' }).toEqual(brief);
});

test('prose of a megabyte is read in its time', () => {
  const programText = `${'edit `'.repeat(80_000)}\n${'grep "'.repeat(80_000)}\n${'lowest '.repeat(80_000)}`;
  expect(briefOf({ programText }).metric.name).toBe('val_bpb');
});
