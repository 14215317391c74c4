import { expect, test } from 'vitest';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';
import { briefText, commandText, type Draft } from '../../../src/core/draft/draft.ts';
import { guessesOf, guessLines } from '../../../src/core/draft/guess-lines.ts';
import { readSeeds } from '../../../src/core/draft/seeds.ts';

const draft: Draft = {
  title: 'mine',
  sandbox: 'ml',
  train: ['python', 'train.py', '--name', "it's: [a]"],
  edit: ['train.py', 'conf/a b.yaml'],
  metric: {
    name: 'val_loss',
    goal: 'minimize',
    pattern: String.raw`(?<![\w.@/-])it's \| loss:[ \t]*([-+.\w]+)`,
    value: 0.5,
    count: 3,
    split: 'held-out',
    line: `${'a very long line '.repeat(20)}it's | loss: 0.5`,
  },
  budget: { seconds: 90, why: 'it ended by itself after 60 s', endsAtBudget: false },
  include: ['../common'],
  link: ['data', '#odd'],
  env: ['MY_MODE'],
  knobs: [
    { name: 'LR', file: 'train.py', text: '0.1', range: 'log 0.01..1', why: '' },
    { name: 'Config.size', file: 'train.py', text: '4', range: 'int 1..16', why: '' },
    { name: 'TWICE', file: 'train.py', text: '1', range: 'int 1..2', why: '' },
    { name: 'TWICE', file: 'conf/a b.yaml', text: '3', range: 'int 1..9', why: '' },
    { name: 'SEED', file: 'train.py', text: '1', range: null, why: 'SEED names no part of the method' },
  ],
  seeds: { kind: 'fixed', where: 'train.py, line 3' },
  isRepeatable: true,
  seconds: 60,
};

test('the text of a draft is a brief that says the same', () => {
  const brief = parseBrief(briefText(draft), 'program.md');
  expect(brief).toMatchObject({
    sandbox: 'ml',
    train: draft.train,
    edit: draft.edit,
    metric: { name: 'val_loss', goal: 'minimize', pattern: draft.metric.pattern },
    budgetSeconds: 90,
    endAtBudget: false,
    include: ['../common'],
    link: ['data', '#odd'],
    env: ['MY_MODE'],
    // A name with two ranges has none in the brief.
    space: { LR: 'log 0.01..1', 'Config.size': 'int 1..16' },
  });
  expect(brief.prose).toContain('improve val_loss within the same training time of\n90s a run');
});

test('a script without an end is ended at its budget', () => {
  const endless: Draft = { ...draft, budget: { seconds: 300, why: 'it was still running', endsAtBudget: true } };
  expect(parseBrief(briefText(endless), 'program.md')).toMatchObject({ endAtBudget: true, budgetSeconds: 300 });
});

test('every guess fits a terminal of 80 columns', () => {
  const others = { entryPoints: [], metrics: [draft.metric], adapted: ['it reads data: linked'] };
  const lines = guessLines(guessesOf(draft, others));
  expect(lines.filter((line) => line.length >= 80)).toEqual([]);
  expect(lines.join('\n')).toMatch(/^ {2}seed {5}fixed: train\.py, line 3$/m);
});

test('knobs that the command sets are said, with what would have them searched', () => {
  const knobs = [
    { name: 'lr', file: 'train.py', text: '0.1', range: null, why: '', isSetByTrain: true },
    { name: 'seed', file: 'train.py', text: '1', range: null, why: '' },
  ];
  const guesses = guessesOf({ ...draft, knobs }, { entryPoints: [], metrics: [], adapted: [] });
  expect(guesses.find(({ name }) => name === 'edit')?.notes).toEqual([
    'no knob was found that a search could turn',
    'set by train: lr; to have one searched, take it out there, or declare it under knobs: (docs/space.md)',
  ]);
});

test.each([
  [['python', '-m', 'pkg.train', '--lr=0.1'], 'python -m pkg.train --lr=0.1'],
  [['python', 'a b.py'], '["python", "a b.py"]'],
  [['python', '-c', 'import x; x.main()'], '["python", "-c", "import x; x.main()"]'],
])('%j is written %s', (argv, text) => {
  expect(commandText(argv)).toBe(text);
});

const none = { variables: [], seeds: [] };

test.each([
  ['reads the seed of the run', 'seed = os.environ["NOCTURNE_SEED"]', none, { kind: 'read' }],
  [
    'passes on the seed that it was given',
    'x = 1',
    { variables: [], seeds: [{ by: 'random.seed', value: '77' }] },
    { kind: 'read' },
  ],
  ['sets one', 'x = 1\ntorch.manual_seed(42)', none, { kind: 'fixed', where: 'train.py, line 2' }],
  [
    'sets one for its data before that of its model',
    'a, b = train_test_split(\n  x, y,\n  random_state=42)\n# set_seed(3)\nForest(random_state=1)',
    none,
    { kind: 'fixed', where: 'train.py, line 5' },
  ],
  [
    'sets one for its data alone',
    'a, b = random_split(x, [3, 1], generator=torch.Generator().manual_seed(42))\nfor f in KFold(3, random_state=SEED).split(x): ...',
    none,
    { kind: 'of-data', where: 'train.py, line 1' },
  ],
  ['takes one from its settings', 'torch.manual_seed(cfg["seed"])', none, { kind: 'fixed', where: 'train.py, line 1' }],
  [
    'takes one from its own',
    'L.seed_everything(self.cfg.train_seed)',
    none,
    { kind: 'fixed', where: 'train.py, line 1' },
  ],
  ['takes one from its flags', 'np.random.seed(args.seed)', none, { kind: 'fixed', where: 'train.py, line 1' }],
  ['says nothing', 'x = random.random()', none, { kind: 'unsaid' }],
])('a script that %s', (_, text, trace, expected) => {
  expect(readSeeds([{ path: 'train.py', text }], trace, 77)).toEqual(expected);
});
