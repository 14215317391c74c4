import { describe, expect, it } from 'vitest';
import { type Absent, explainFailure } from '../../../src/core/run/missing-in-run.ts';

const nothing: Absent = {
  untracked: [],
  outside: [],
  leading: [],
  emptySubmodules: [],
  pointers: [],
  variables: [],
};

const cases: readonly (readonly [string, string, Partial<Absent>, string])[] = [
  [
    'an ignored file',
    "FileNotFoundError: [Errno 2] No such file or directory: 'data/train.txt'",
    { untracked: ['cache/', 'data/train.txt'] },
    '`data/train.txt` is not in git, so not in a run: `link: [data/train.txt]` shows it to runs.',
  ],
  [
    'a file in an ignored folder, by a path with a dot before it',
    "FileNotFoundError: [Errno 2] No such file or directory: './data/train/x.bin'",
    { untracked: ['data/'] },
    '`data/train/x.bin` is not in git, so not in a run: `link: [data]` shows it to runs.',
  ],
  [
    'a folder of which git tracks a part',
    "NotADirectoryError: the data set does not exist: 'data'",
    { untracked: ['data/a.bin', 'data/b.bin'] },
    '`data` is not in git, so not in a run: `link: [data]` shows it to runs.',
  ],
  [
    'a file of another folder of the repository',
    'cat: ../../shared/vocab.txt: No such file or directory\nFileNotFoundError: No such file or directory: ../../shared/vocab.txt',
    { outside: ['../../shared/vocab.txt', '../../shared/'] },
    '`../../shared/vocab.txt` is in the repository and not in a run: `include: [../../shared/vocab.txt]`.',
  ],
  [
    'a file behind a tracked link out of the repository',
    "FileNotFoundError: [Errno 2] No such file or directory: 'data/train.txt'",
    { leading: ['data/'] },
    '`data` is a link to what a run does not have: `link: [data]` shows it what the link leads to.',
  ],
  [
    'an empty submodule',
    "ModuleNotFoundError: No module named 'part'",
    { emptySubmodules: ['libs/part'] },
    'The submodule libs/part is empty: `git submodule update --init` fills it.',
  ],
  [
    'a sibling package',
    "ModuleNotFoundError: No module named 'common.lib'",
    { outside: ['../../common/lib.py', '../../common/'] },
    '`common.lib` is in the repository and not in a run: `include: [../../common]`.',
  ],
  [
    'a module that git does not track',
    "ModuleNotFoundError: No module named 'helpers'",
    { untracked: ['helpers.py'] },
    '`helpers` is not in git, so not in a run: commit helpers.py, or `link: [helpers.py]`.',
  ],
  [
    'a package that is not installed',
    "ModuleNotFoundError: No module named 'einops'",
    {},
    '`einops` is no module that this Python has: install it there, or name another Python with --python.',
  ],
  [
    'a variable',
    "KeyError: 'DATA_ROOT'",
    { variables: [{ name: 'DATA_ROOT', isKey: false }] },
    'The variable DATA_ROOT is not passed on to runs: `env: [DATA_ROOT]` passes it.',
  ],
  [
    'a key, which `env:` does not take',
    "KeyError: 'WANDB_API_KEY'",
    { variables: [{ name: 'WANDB_API_KEY', isKey: true }] },
    'The variable WANDB_API_KEY looks like a key, and a run sees no keys: read it in `prepare` or do without it.',
  ],
];

describe('what a run lacks that the checkout has', () => {
  it.each(cases)('begins with %s that the log names', (_, log, absent, line) => {
    const other = { untracked: ['zz/'], variables: [{ name: 'ZZ', isKey: false }] };
    const whole = { ...nothing, ...other, ...absent };
    expect(explainFailure({ reason: 'exit code 1', log }, whole)[0]).toBe(line);
  });

  it.each([
    [
      'what a training reads',
      'exit code 1',
      ['AAA_THEME', 'ACLOCAL_PATH', 'DATA_ROOT'],
      'DATA_ROOT, ACLOCAL_PATH, AAA_THEME',
    ],
    ['what holds the data', '', ['CI', 'APP_HOME', 'MY_CORPUS'], 'MY_CORPUS, APP_HOME, CI'],
    ['what the log speaks of', 'no checkpoint found', ['BASE_MODEL', 'LAST_CHECKPOINT'], 'LAST_CHECKPOINT, BASE_MODEL'],
    ['what holds settings', '', ['APPLE', 'BANANA', 'EXP_CONFIG'], 'EXP_CONFIG, APPLE, BANANA'],
  ])('names of the variables %s first', (_, log, names, order) => {
    const variables = names.map((name) => ({ name, isKey: false }));
    const [first] = order.split(', ');
    expect(explainFailure({ reason: 'exit code 1', log }, { ...nothing, variables })).toEqual([
      `Variables that runs do not get: ${order}; \`env: [${first}]\` passes one.`,
    ]);
  });

  it('has no example where none of the variables is likely', () => {
    const variables = ['APPLE', 'BANANA'].map((name) => ({ name, isKey: false }));
    expect(explainFailure({ reason: 'exit code 1', log: '' }, { ...nothing, variables })).toEqual([
      'Variables that runs do not get: APPLE, BANANA; `env: [NAME]` passes one.',
    ]);
  });

  it('lists what else differs, and is empty where nothing does', () => {
    const absent: Partial<Absent> = {
      emptySubmodules: ['third_party/x'],
      pointers: ['weights.pt'],
      untracked: ['data/', 'cache/'],
      variables: [{ name: 'A', isKey: false }],
    };
    expect(explainFailure({ reason: 'exit code 1', log: '' }, { ...nothing, ...absent })).toEqual([
      'The submodule third_party/x is empty: `git submodule update --init` fills it.',
      'weights.pt: Git LFS has left a pointer in place of the content: `git lfs pull`.',
      'Not in git, so not in a run: data, cache; `link: [data]` shows one to runs.',
      'Variables that runs do not get: A; `env: [A]` passes one.',
    ]);
    expect(explainFailure({ reason: 'exit code 1', log: 'Traceback' }, nothing)).toEqual([]);
  });

  it.each([
    ['loss is not a finite number: "nan", and was ended when its budget was over'],
    ['val_loss is not a finite number: "inf"'],
    ['val_acc is printed without a number: "val_acc:"'],
  ])('says only what the log speaks of where the training came to a score that is none: %s', (reason) => {
    const absent: Absent = { ...nothing, untracked: ['data/'], variables: [{ name: 'A', isKey: false }] };
    expect(explainFailure({ reason, log: 'step 3 loss nan' }, absent)).toEqual([]);
    expect(explainFailure({ reason, log: 'A is not set' }, absent)).toEqual([
      'The variable A is not passed on to runs: `env: [A]` passes it.',
    ]);
  });
});
