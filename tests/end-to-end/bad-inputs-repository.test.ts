import { rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { identifyProcess } from '../../src/adapters/engines/process-identity.ts';
import { addCommitted, type BadInput, expectRefusal, inBrief, replaceInBrief, usage } from '../helpers/bad-input.ts';
import { project } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

const startOne = 'Start one with `nocturne run`, or see one at work with `nocturne demo`.';
const unset = 'Leave the flag out to go on, or start a new study with --tag.';

const damagedJournal = [
  'The journal ROOT/runs/begun/journal.jsonl is damaged at line 5: 1 line in it is not of this study, 1 entry is gone, … entries behind rest on what is gone.',
  'Repair it with `nocturne check --repair --tag begun`, which keeps all that is sound and a copy of the rest; nothing was changed.',
];

const repositories: BadInput[] = [
  {
    title: 'a folder that is no repository',
    args: ['run'],
    arrange: (repo) => rmSync(join(repo.root, '.git'), { recursive: true }),
    says: [
      'ROOT is not in a git repository.',
      'Type these two commands:',
      '  git init',
      '  git add -A && git commit -m "start"',
    ],
  },
  {
    title: 'a repository without a commit',
    args: ['run'],
    arrange: (repo) => {
      rmSync(join(repo.root, '.git'), { recursive: true });
      repo.git('init', '--quiet');
    },
    says: ['The repository ROOT has no commit yet.', 'Type this command:', '  git add -A && git commit -m "start"'],
  },
  {
    title: 'a change that is not committed',
    args: ['run'],
    arrange: (repo) => repo.write('train.py', `${repo.read('train.py')}# changed\n`),
    says: [
      'These files differ from commit …, where the study would start: train.py.',
      'Commit or stash the changes, or start from the files as they are now with --from worktree.',
    ],
  },
  {
    title: 'an editable file that is not tracked',
    args: ['run'],
    arrange: (repo) => {
      repo.git('rm', '--quiet', '--cached', 'train.py');
      repo.git('commit', '--quiet', '--message', 'change');
    },
    says: [
      'The editable file train.py is not tracked in commit ….',
      'Add it: git add ":/train.py" && git commit -m "add train.py" (git add -f when git ignores it)',
    ],
  },
  {
    title: 'an editable file that is a link',
    args: ['run'],
    arrange: (repo) => {
      repo.git('mv', 'train.py', 'real.py');
      symlinkSync('real.py', join(repo.root, 'train.py'));
      repo.commit();
    },
    says: [
      'The editable file train.py is not a regular file in commit ….',
      'A symbolic link or a folder cannot be edited: name the file itself under `edit:`.',
    ],
  },
  {
    title: 'an editable file that does not parse',
    args: ['run'],
    arrange: (repo) => addCommitted(repo, 'train.py', 'LEARNING_RATE = = 1\n'),
    says: ['The editable files do not parse: train.py line 1: invalid syntax.'],
  },
  {
    title: 'a script without a knob',
    args: ['run'],
    arrange: (repo) => {
      repo.write('program.md', '---\nmetric: loss\n---\n');
      addCommitted(repo, 'train.py', 'print("METRIC loss=1")\n');
    },
    says: [
      'The auto researcher has no knob to turn in train.py.',
      'Write a value to turn into the script, as a constant such as `LEARNING_RATE = 0.1` or as the default of a flag, and commit it, or declare one in the brief: `knobs: { lr: 0.1 in log 0.001..1 }`, with `{lr}` in `train:`.',
    ],
  },
  ...['main.c', 'train.jl', 'net.rs'].map((file) => ({
    title: `a script in another language without a declared knob, ${file}`,
    args: ['run'],
    arrange: (repo: TemporaryRepo) => {
      repo.write('program.md', `---\nmetric: loss\nedit: [${file}]\ntrain: make\n---\n`);
      addCommitted(repo, file, 'lr = 0.1;\n');
    },
    says: [
      `The auto researcher has no knob to turn in ${file}.`,
      'Declare one in the brief: `knobs: { lr: 0.1 in log 0.001..1 }`, with `{lr}` in `train:`.',
    ],
  })),
  {
    title: 'a start that there is not',
    args: ['run', '--from', 'nope'],
    says: [
      '--from must be a commit of ROOT, found "nope".',
      'Name a branch, a tag or a commit (git branch -a lists branches).',
    ],
  },
  {
    title: "a tag whose refs are somebody's",
    args: ['run', '--tag', 'taken'],
    arrange: (repo) => {
      repo.git('update-ref', 'refs/autoresearch/taken/0003', 'HEAD');
    },
    says: [
      'The tag taken is taken: refs/autoresearch/taken/0003 is at …, and this study starts at ….',
      'Put its folder back, choose another name with --tag, or delete what is left of the old study with `nocturne remove --tag taken`.',
    ],
  },
  {
    title: 'a branch that is in the way',
    args: ['run', '--tag', 'a'],
    arrange: (repo) => repo.git('branch', 'autoresearch'),
    says: [
      'A branch named autoresearch is in the way of refs/heads/autoresearch/a.',
      'Rename it: git branch -m autoresearch autoresearch-old',
    ],
  },
  { title: 'a look before there is a study', args: ['status'], says: ['There is no study in ROOT/runs.', startOne] },
  { title: 'a stop before there is a study', args: ['stop'], says: ['There is no study in ROOT/runs.', startOne] },
];

/** These begin with a study of three experiments, named `begun`. */
const begun: BadInput[] = [
  {
    title: 'a seed for a study that has begun',
    args: ['run', '--tag', 'begun', '--seed', 'other'],
    says: ['--seed is for a new study, and study begun has begun.', unset],
  },
  {
    title: 'a start for a study that has begun',
    args: ['run', '--tag', 'begun', '--from', 'HEAD'],
    says: ['--from is for a new study, and study begun has begun.', unset],
  },
  {
    title: 'another metric for a study that has begun',
    args: ['run', '--tag', 'begun'],
    arrange: replaceInBrief('metric: loss', 'metric: acc'),
    says: changedKey('metric'),
  },
  {
    title: 'another goal for a study that has begun',
    args: ['run', '--tag', 'begun'],
    arrange: inBrief('goal: maximize'),
    says: changedKey('goal'),
  },
  {
    title: 'another budget for a study that has begun',
    args: ['run', '--tag', 'begun', '--budget', '7s'],
    says: changedKey('budget'),
  },
  {
    title: 'another script to train with in a study that has begun',
    args: ['run', '--tag', 'begun'],
    arrange: replaceInBrief('train: python -S train.py', 'train: python train.py --fast'),
    says: changedKey('train'),
  },
  {
    title: 'a range for a knob that there is not, in a study that has begun',
    args: ['run', '--tag', 'begun'],
    arrange: replaceInBrief('  WIDTH: pow2 1..64', '  WIDHT: pow2 1..64'),
    says: [
      'ROOT/program.md: `space.WIDHT` is not a knob of the editable files; did you mean `WIDTH`?',
      'Without it, `nocturne space --all` lists every knob that there is.',
    ],
  },
  {
    title: 'a range that does not fit its knob, in a study that has begun',
    args: ['run', '--tag', 'begun'],
    arrange: replaceInBrief('  WIDTH: pow2 1..64', '  WIDTH: 0.5..0.7'),
    says: [
      'ROOT/program.md: `space.WIDTH` must be a range of whole numbers (`int`, `int log`, `pow2` or `choice`), to suit `WIDTH = 4` in train.py, found `0.5..0.7`.',
    ],
  },
  {
    title: 'a knob that was added and committed after the study began',
    args: ['run', '--tag', 'begun'],
    arrange: (repo) => addCommitted(repo, 'train.py', `DROPOUT = 0.1\n${repo.read('train.py')}`),
    says: changedFile('train.py (new knobs: DROPOUT)', 'train.py'),
  },
  {
    title: 'an edit that is not committed, in a study that has begun',
    args: ['run', '--tag', 'begun'],
    arrange: (repo) => repo.write('train.py', repo.read('train.py').replace('WIDTH = 4', 'WIDTH = 8')),
    says: changedFile('train.py', 'train.py'),
  },
  {
    title: 'a study that a live process works on',
    args: ['run', '--tag', 'begun'],
    arrange: async (repo) => {
      const holder = { ...(await identifyProcess(process.pid)), host: hostname(), since: '2024-11-23T01:02:03.000Z' };
      repo.write('runs/begun/lock', JSON.stringify(holder));
    },
    says: [
      `Study begun is being worked on by process ${process.pid} on ${hostname()}, since 2024-11-23T01:02:03.000Z.`,
      'Watch it with `nocturne watch --tag begun`, end it with `nocturne stop --tag begun`, or choose another --tag.',
    ],
  },
  {
    title: 'a branch that another program moved',
    args: ['run', '--tag', 'begun', '--max-experiments', '9'],
    arrange: (repo) => {
      addCommitted(repo, 'mine.txt', 'mine');
      repo.git('update-ref', 'refs/heads/autoresearch/begun', 'HEAD');
    },
    says: [
      'refs/heads/autoresearch/begun is at …, but this study left it at …: another program moved it.',
      'Keep what is there under another branch, then put it back: git update-ref refs/heads/autoresearch/begun …',
    ],
  },
  {
    title: 'a journal that is damaged in the middle',
    args: ['run', '--tag', 'begun'],
    arrange: damageLine,
    says: damagedJournal,
  },
  {
    title: 'a study that there is not',
    args: ['log', '--tag', 'other'],
    says: [
      'There is no study other in ROOT/runs; there are begun.',
      'Name one of them with --tag, or start one with `nocturne run`.',
    ],
  },
  {
    title: 'an experiment that there is not',
    args: ['show', '99'],
    says: ['Study begun has no experiment 99; it has 0 to 3.', 'List them with `nocturne log --tag begun`.'],
  },
  {
    title: 'an experiment that is no number',
    args: ['diff', 'last'],
    says: ['The number of an experiment must be a whole number, found "last".', 'List them with `nocturne log`.'],
  },
  { title: 'an experiment left out', args: ['show'], says: ["Missing required argument 'number'.", usage] },
  {
    title: 'a stop when nothing runs',
    args: ['stop', '--tag', 'begun'],
    says: [
      'Study begun is not running, so there is nothing to stop.',
      'See where it stands with `nocturne status --tag begun`.',
    ],
  },
];

/** A study that ended after three experiments. */
const begunStudy = templateStudy('--tag', 'begun', '--max-experiments', '3');

function changedFile(named: string, path: string): string[] {
  return [
    `${named} is not as study begun has it: it started from commit …, and its runs would not have the change.`,
    `Hand it in with \`nocturne try --tag begun\`; or try the change in a new study: commit it, then \`nocturne run --tag NAME\`; \`git merge autoresearch/begun\` first adds the best so far. Or go on without it: git checkout … -- ":/${path}"`,
  ];
}

describe.each(repositories)('$title', (input) => {
  test('is refused in one sentence, and nothing is written', async () => {
    await expectRefusal(project('quick'), input);
  });
});

describe.each(begun)('$title', (input) => {
  test('is refused in one sentence, and the study stays as it is', async () => {
    await expectRefusal(begunStudy(), input);
  });
});

function changedKey(key: string): string[] {
  return [
    `Study begun was started with another \`${key}\`; its numbers would no longer be comparable.`,
    `Set \`${key}\` back, or start a new study from the best of this one with \`nocturne run --from autoresearch/begun\`.`,
  ];
}

function damageLine(repo: TemporaryRepo): void {
  const lines = repo.read('runs/begun/journal.jsonl').split('\n');
  lines[4] = lines[4]?.replace('"seq":5', '"sequence":6') ?? '';
  repo.write('runs/begun/journal.jsonl', lines.join('\n'));
}
