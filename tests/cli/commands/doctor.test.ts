import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { pricesAsOf } from '../../../src/adapters/models/price-of.ts';
import { inBrief, pathWith } from '../../helpers/bad-input.ts';
import { settle } from '../../helpers/model-study.ts';
import { nocturne, project, projectFixture } from '../../helpers/nocturne.ts';
import { fakeNvidiaSmi, listOf } from '../../helpers/nvidia-smi.ts';
import { type TemporaryRepo, temporaryFolder } from '../../helpers/temporary-repo.ts';

interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
}

const names = ['brief', 'git', 'training', 'python', 'disk', 'node', 'gpu', 'slots', 'isolation'];

test('a project that could start a study has no problem', async () => {
  const { exitCode, stdout, stderr } = await nocturne(project('quick').root, ['doctor']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(names);
  expect(stdout).toMatch(/^git {8}ok {6}.*, a study would start from [0-9a-f]{7}$/m);
  expect(stdout).toMatch(/^training {3}ok {7}ran once in \d+\.\d s: \d+\.\d+$/m);
});

test('--quick leaves out the training', async () => {
  const { exitCode, stdout } = await nocturne(project('quick').root, ['doctor', '--quick']);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(names.filter((name) => name !== 'training'));
});

const knobs =
  readFileSync(join(projectFixture('quick'), 'train.py'), 'utf8')
    .match(/^[A-Z_]+ = .*\n/gm)
    ?.join('') ?? '';

test('a training that fails is a problem, with its own error', async () => {
  const repo = project('quick');
  repo.write('train.py', `${knobs}print("reading the rows")\nopen("rows.csv")\n`);
  repo.commit();
  const { exitCode, stdout } = await nocturne(repo.root, ['doctor', '--json']);
  const { findings } = JSON.parse(stdout) as { findings: (Finding & { hint?: string })[] };
  expect(exitCode).toBe(3);
  expect(findings.filter(({ state }) => state === 'problem')).toEqual([
    {
      name: 'training',
      state: 'problem',
      text: "run once: exit code 1: FileNotFoundError: [Errno 2] No such file or directory: 'rows.csv'.",
      hint: expect.stringContaining('reading the rows'),
    },
  ]);
});

test('a training without a score is a problem', async () => {
  const repo = project('quick');
  repo.write('train.py', `${knobs}print("done")\n`);
  repo.commit();
  const { exitCode, stdout } = await nocturne(repo.root, ['doctor']);
  expect(exitCode).toBe(3);
  expect(stdout).toContain('training   PROBLEM  run once: the log ends without loss.\n');
});

interface Problem {
  readonly title: string;
  readonly args?: readonly string[];
  readonly arrange?: (repo: TemporaryRepo) => unknown;
  readonly path?: () => string;
  readonly name: string;
  readonly text: string;
}

test.each<Problem>([
  { title: 'no brief', args: ['nowhere.md'], name: 'brief', text: 'nowhere.md must be a brief, found no such file.' },
  {
    title: 'a wrong brief',
    arrange: inBrief('goal: down'),
    name: 'brief',
    text: 'program.md line 2: `goal` must be minimize or maximize, found `down`.',
  },
  {
    title: 'no repository',
    arrange: ({ root }) => rmSync(join(root, '.git'), { recursive: true }),
    name: 'git',
    text: 'ROOT is not in a git repository.',
  },
  { title: 'no git', path: () => pathWith(), name: 'git', text: 'Git was not found on PATH.' },
  {
    title: 'no Python',
    path: () => pathWith('git'),
    name: 'python',
    text: 'No Python 3.8 or newer was found: neither a .venv, nor an active environment, nor `python3`.',
  },
  {
    title: 'another Python that there is not',
    args: ['--python', 'nonsense'],
    name: 'python',
    text: '--python nonsense is not a Python 3.8 or newer that runs.',
  },
])('$title is a problem, and exit code 3', async ({ args = [], arrange, path, name, text }) => {
  const repo = project('quick');
  arrange?.(repo);
  const variables = path === undefined ? {} : { PATH: path() };

  const json = await nocturne(repo.root, ['doctor', '--json', ...args], variables);
  const plain = await nocturne(repo.root, ['doctor', ...args], variables);

  const { findings } = JSON.parse(json.stdout) as { findings: Finding[] };
  expect(findings.filter(({ state }) => state === 'problem')).toEqual([
    expect.objectContaining({ name, text: text.replace('ROOT', repo.root) }),
  ]);
  expect([json.exitCode, plain.exitCode, json.stderr, plain.stderr]).toEqual([3, 3, '', '']);
  expect(plain.stdout).toContain(`${name.padEnd(10)} PROBLEM  ${text.replace('ROOT', repo.root)}\n`);
});

test('a package that can be installed is a note, not a problem', async () => {
  const repo = project('quick');
  repo.write('requirements.txt', 'nocturne-has-no-such-package==1\n');
  repo.commit();
  const { exitCode, stdout } = await nocturne(repo.root, ['doctor', '--quick']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^python {5}note {4}.* does not meet nocturne-has-no-such-package==1$/m);
});

test('a training that fails for want of a package that can be installed is a note', async () => {
  const repo = project('quick');
  repo.write('train.py', `import nocturne_has_no_such_package\n${repo.read('train.py')}`);
  repo.write('requirements.txt', 'nocturne-has-no-such-package==1\n');
  repo.commit();
  const { exitCode, stdout } = await nocturne(repo.root, ['doctor']);
  expect(stdout).toMatch(/^training {3}note {4}.*nocturne_has_no_such_package/m);
  expect(stdout).toContain(
    'It ran without nocturne-has-no-such-package==1, which `nocturne run --yes` installs first.',
  );
  expect(exitCode).toBe(0);
});

test('a wrong flag of doctor is a mistake of usage', async () => {
  expect(await nocturne(temporaryFolder(), ['doctor', '--nonsense'])).toMatchObject({ exitCode: 2, stdout: '' });
});

const canary = 'sk-canary0123456789abcdef';

test.each<{ title: string; lines: readonly string[]; name: string; state: Finding['state']; text: string }>([
  {
    title: 'a model with its key and a price',
    lines: ['researcher: llm', 'model: openai:gpt-6-sol'],
    name: 'model',
    state: 'ok',
    text: 'openai:gpt-6-sol, key set, 2 and 10 USD for a million tokens in and out (list price of DATE)',
  },
  {
    title: "a model at the owner's price",
    lines: ['researcher: llm', 'model: openai:mine', 'prices: { "openai:mine": { input: 3, output: 4 } }'],
    name: 'model',
    state: 'ok',
    text: 'openai:mine, key set, 3 and 4 USD for a million tokens in and out (price of the brief)',
  },
  {
    title: "a model on one's own machine",
    lines: ['researcher: llm', 'model: ollama:qwen3'],
    name: 'model',
    state: 'ok',
    text: 'ollama:qwen3, no key, free of charge',
  },
  {
    title: 'a model that nobody knows a price of',
    lines: ['researcher: llm', 'model: openai:made-up'],
    name: 'model',
    state: 'note',
    text: 'openai:made-up, key set, price unknown: say it under `prices:`, or limit `tokens:` instead of `usd:`',
  },
  {
    title: 'a model without its key',
    lines: ['researcher: llm', 'model: anthropic:claude-sonnet-5-5'],
    name: 'model',
    state: 'problem',
    text: 'The provider `anthropic` needs a key, and ANTHROPIC_API_KEY is not set.',
  },
  {
    title: 'a provider that there is not',
    lines: ['researcher: llm', 'model: opnai:gpt-6-sol'],
    name: 'model',
    state: 'problem',
    text: 'There is no provider `opnai`; did you mean `openai`?',
  },
  {
    title: 'an agent that starts',
    lines: ['researcher: command', 'command: claude'],
    name: 'command',
    state: 'ok',
    text: 'claude starts: 9.9.9 without a key',
  },
  {
    title: 'an agent that fails',
    lines: ['researcher: command', 'command: codex'],
    name: 'command',
    state: 'problem',
    text: 'codex --version ended with exit code 7.',
  },
  {
    title: 'an agent that is not there',
    lines: ['researcher: command', 'command: [nocturne-has-no-such-agent, "{prompt}"]'],
    name: 'command',
    state: 'problem',
    text: 'nocturne-has-no-such-agent was not found on PATH.',
  },
])('of whoever thinks: $title', async ({ lines, name, state, text }) => {
  const repo = project('quick');
  settle(repo, ...lines);
  const agents = pathWith(undefined, {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
    claude: '#!/bin/sh\necho "9.9.9 ${OPENAI_API_KEY:-without a key}"\n',
    codex: '#!/bin/sh\nexit 7\n',
  });
  const variables = { OPENAI_API_KEY: canary, PATH: `${agents}:${process.env.PATH}` };

  const { stdout, stderr, exitCode } = await nocturne(repo.root, ['doctor', '--quick', '--json'], variables);

  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const expected = expect.objectContaining({ name, state, text: text.replace('DATE', pricesAsOf) });
  expect(findings.filter((finding) => finding.name === name)).toEqual([expected]);
  expect({ exitCode, stderr }).toEqual({ exitCode: state === 'problem' ? 3 : 0, stderr: '' });
  expect(stdout).not.toContain(canary);
});

describe('the slots of a machine with two GPUs', () => {
  async function slots(...flags: readonly string[]) {
    const { path } = fakeNvidiaSmi(temporaryFolder(), { list: listOf('NVIDIA L4', 'NVIDIA L4') });
    const { exitCode, stdout } = await nocturne(project('quick').root, ['doctor', '--quick', '--json', ...flags], {
      PATH: path,
    });
    const { findings } = JSON.parse(stdout) as { findings: (Finding & { hint?: string })[] };
    return { exitCode, found: findings.filter(({ name }) => name === 'slots') };
  }

  it.each([
    [[], 'one run at a time; `slots: auto` makes 2 at once, a GPU each (NVIDIA L4)'],
    [['--slots', 'auto'], '2 runs at once, a GPU each (NVIDIA L4)'],
  ])('are said with %j', async (flags, text) => {
    expect(await slots(...flags)).toEqual({ exitCode: 0, found: [{ name: 'slots', state: 'ok', text }] });
  });

  it('that are too many are a problem', async () => {
    const text = '3 runs at once would have a GPU each, and this machine has 2 GPUs.';
    expect(await slots('--slots', '3')).toMatchObject({ exitCode: 3, found: [{ state: 'problem', text }] });
  });
});
