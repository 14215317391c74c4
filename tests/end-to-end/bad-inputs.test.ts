import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { alternativesText } from '../../src/core/base/format.ts';
import { engineNames, policyNames } from '../../src/core/base/names.ts';
import { researcherNames } from '../../src/core/base/researchers.ts';
import { type BadInput, expectRefusal, inBrief, pathWith, replaceInBrief, usage } from '../helpers/bad-input.ts';
import { project } from '../helpers/nocturne.ts';

// Texts that list a table follow it; `tests/parts.test.ts` pins what the tables list, and in which order.
const engines = alternativesText(engineNames);

const flags: BadInput[] = [
  { title: 'an unknown command', args: ['runn'], says: ["Unknown command 'runn'.", '(Did you mean run?)', usage] },
  {
    title: 'a port that is none',
    args: ['dash', '--port', '80800'],
    says: ['--port must be a whole number from 0 to 65535, found "80800".'],
  },
  { title: 'an unknown flag', args: ['run', '--nonsense'], says: ["Unknown option '--nonsense'.", usage] },
  {
    title: 'a misspelt flag',
    args: ['run', '--max-experiment', '3'],
    says: ["Unknown option '--max-experiment'.", '(Did you mean --max-experiments?)', usage],
  },
  {
    title: 'a flag without its value',
    args: ['run', '--tag'],
    says: ["Option '--tag <tag>' argument missing.", usage],
  },
  {
    title: 'two briefs',
    args: ['run', 'a', 'b'],
    says: ["Too many arguments for 'run'. Expected 1 argument but got 2.", usage],
  },
  {
    title: 'no experiments',
    args: ['run', '--max-experiments', '0'],
    says: ['--max-experiments must be a whole number of at least 1, found "0".'],
  },
  {
    title: 'half an experiment',
    args: ['run', '--max-experiments', '2.5'],
    says: ['--max-experiments must be a whole number of at least 1, found "2.5".'],
  },
  {
    title: 'slots that are neither a number nor auto',
    args: ['run', '--slots', '0'],
    says: ['--slots must be a whole number of at least 1, or auto, found "0".'],
  },
  {
    title: 'an empty number',
    args: ['run', '--max-hours', ''],
    says: ['--max-hours must be a number above 0, found "".'],
  },
  {
    title: 'a target with a comma',
    args: ['run', '--target', '0,95'],
    says: ['--target must be a number, found "0,95".'],
  },
  {
    title: 'a budget without a unit that there is',
    args: ['run', '--budget', '5x'],
    says: ['--budget must be a duration such as 5m, 90s or 1h30m, found "5x".'],
  },
  {
    title: 'a tag that leaves the folder',
    args: ['run', '--tag', '../x'],
    says: [
      '--tag must be at most 64 letters, digits, `-`, `_` and single dots, found "../x".',
      'Choose a name such as nov23 or wide-models.',
    ],
  },
  {
    title: 'a researcher that there is not',
    args: ['run', '--researcher', 'oracle'],
    says: [`--researcher must be ${alternativesText(researcherNames)}, found "oracle".`],
  },
  {
    title: 'a policy that there is not',
    args: ['run', '--policy', 'brave'],
    says: [`--policy must be ${alternativesText(policyNames)}, found "brave".`],
  },
  {
    title: 'an unknown engine',
    args: ['run', '--engine', 'pbs'],
    says: [`--engine must be ${engines}, found "pbs".`],
  },
  {
    title: 'a GPU for an engine that rents none',
    args: ['run', '--gpu', 'T4'],
    says: [
      '--gpu is for an engine that rents a machine, and the engine is local.',
      'Say --engine colab too, or leave --gpu out.',
    ],
  },
  {
    title: 'a GPU that Colab has not',
    args: ['run', '--engine', 'colab', '--gpu', 'V100'],
    says: ['--gpu must be T4, L4, G4, A100, H100 or CPU, found "V100".'],
  },
  {
    title: 'a researcher that lacks its model',
    args: ['run', '--researcher', 'llm'],
    says: [
      'The llm researcher needs a model, and neither the brief nor --model names one.',
      'Add `model: anthropic:claude-sonnet-5-5` or another provider:model to the brief.',
    ],
  },
  {
    title: 'a ceiling of nothing',
    args: ['run', '--max-usd', '0'],
    says: ['--max-usd must be a number above 0, found "0".'],
  },
];

const briefs: BadInput[] = [
  {
    title: 'a brief that is not there',
    args: ['run', 'nowhere.md'],
    says: ['nowhere.md must be a brief, found no such file.', 'Run `nocturne init` to write one.'],
  },
  {
    title: 'a folder without a brief',
    args: ['run', 'sub'],
    arrange: (repo) => mkdirSync(join(repo.root, 'sub')),
    says: ['sub/program.md must be a brief, found no such file.', 'Run `nocturne init` to write one.'],
  },
  {
    title: 'an empty brief',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', '\n'),
    says: ['program.md must be a brief, found an empty file.', 'Run `nocturne init` to write one.'],
  },
  {
    title: 'a brief in another encoding',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', Buffer.from([0x2d, 0xe9, 0x80])),
    says: ['program.md must be text in UTF-8, found other bytes.'],
  },
  {
    title: 'a brief without an end',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', '---\nmetric: loss\n'),
    says: ['program.md line 1: the front matter must end with a second line `---`, found none.'],
  },
  {
    title: 'a brief without a metric',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', '---\nbudget: 1s\n---\n'),
    says: [
      "program.md line 1: `metric` must be the name of the number to improve, such as val_bpb or { name: acc, pattern: 'acc=(\\S+)' }, found nothing.",
    ],
  },
  {
    title: 'a setting that there is not',
    args: ['run'],
    arrange: inBrief('gaol: minimize'),
    says: ['program.md line 2: `gaol` is not a setting; did you mean `goal`?'],
  },
  {
    title: 'a goal that there is not',
    args: ['run'],
    arrange: inBrief('goal: down'),
    says: ['program.md line 2: `goal` must be minimize or maximize, found `down`.'],
  },
  {
    title: 'a path outside the repository',
    args: ['run'],
    arrange: inBrief('sandbox: ../../elsewhere'),
    says: [
      'program.md: `sandbox` must lie in the repository ROOT, found …elsewhere.',
      'Move it into the repository, or put the brief beside it.',
    ],
  },
  {
    title: 'a knob that there is not',
    args: ['run'],
    arrange: replaceInBrief('WIDTH:', 'WIDHT:'),
    says: [
      'ROOT/program.md: `space.WIDHT` is not a knob of the editable files; did you mean `WIDTH`?',
      'Without it, `nocturne space --all` lists every knob that there is.',
    ],
  },
  {
    title: 'a linked folder that is not there',
    args: ['run'],
    arrange: inBrief('link: [data/]'),
    says: ['The brief links `data`, but there is no ROOT/data.', 'Make it, or remove it from `link:`.'],
  },
  {
    title: 'a metric whose name does not say which way is better',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', '---\nmetric: score\n---\nMake it better.\n'),
    says: [
      'program.md line 2: the name `score` does not say which way is better, so the brief needs a `goal:`.',
      'Add a line `goal: minimize` (lower is better) or `goal: maximize` (higher is better).',
    ],
  },
  {
    title: 'prose that says the opposite of the goal',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', '---\nmetric: loss\n---\n# Task\nHigher loss is better.\n'),
    says: [
      'program.md line 5: the prose says `Higher loss is better`, but the name `loss` means `goal: minimize`.',
      'Write `goal: maximize` if the prose is right, else correct the prose.',
    ],
  },
  {
    title: 'prose alone beside a script, with no metric named,',
    args: ['run'],
    arrange: (repo) => repo.write('program.md', 'Make it better.\n'),
    says: [
      'program.md has no front matter, and its metric must be named in two places, found none.',
      'Begin program.md with `---`, a line `metric: <name>`, a line `goal: minimize` or `goal: maximize`, and another `---`.',
    ],
  },
];

const oldPython = `#!/bin/sh
echo '{"executable":"/old/python","version":"3.7.17","unmet":[],"torch":null,"numpy":null}'
`;

const machines: BadInput[] = [
  {
    title: 'a machine without git',
    args: ['run'],
    path: () => pathWith(),
    says: ['Git was not found on PATH.', 'Install git 2.30 or later.'],
  },
  {
    title: 'a machine without Python',
    args: ['run'],
    path: () => pathWith('git'),
    says: [
      'No Python 3.8 or newer was found: neither a .venv, nor an active environment, nor `python3`.',
      'Install Python, or name one with --python /path/to/python.',
    ],
  },
  {
    title: 'a Python that is too old',
    args: ['run'],
    path: () => pathWith('git', { python3: oldPython }),
    says: [
      'No Python 3.8 or newer was found: python3 on PATH is Python 3.7.17.',
      'Install Python, or name one with --python /path/to/python.',
    ],
  },
  {
    title: 'a Python that there is not',
    args: ['run', '--python', 'nonsense'],
    says: [
      '--python nonsense is not a Python 3.8 or newer that runs.',
      'Give the path of a python executable, such as .venv/bin/python.',
    ],
  },
  {
    title: 'a file in the place of the runs folder',
    args: ['run', '--tag', 'a'],
    arrange: (repo) => repo.write('runs', 'mine\n'),
    says: [
      'ROOT/runs/a must be a folder that can be written, found a file in its place.',
      'Move it out of the way, or choose another --tag.',
    ],
  },
  {
    title: 'a project made where a file is',
    args: ['init', 'train.py'],
    says: [
      'ROOT/train.py must be a folder that can be written, found a file in its place.',
      'Name another folder, or mend that one.',
    ],
  },
  {
    title: 'a project made where one is',
    args: ['init'],
    says: [
      'There is a program.md in ROOT already.',
      'Use it with `nocturne run`, or move it away to have one written.',
    ],
  },
];

describe.each([...flags, ...briefs, ...machines])('$title', (input) => {
  test('is refused in one sentence, and nothing is written', async () => {
    await expectRefusal(project('quick'), input);
  });
});
