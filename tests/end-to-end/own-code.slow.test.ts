/**
 * Projects that are installed by the real tools: the candidate's own code is what runs, so that scores differ by the change,
 * or one sentence refuses before the first experiment. The tools are downloaded.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntryOf } from '../../src/core/journal/entry.ts';
import { journalOf, type Said, nocturne as start, type Variables } from '../helpers/nocturne.ts';
import { emptyRepo, type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';

/** A venv with the tools, on disk for all tests of this file. */
let tools = '';

beforeAll(() => {
  tools = join(mkdtempSync(join(tmpdir(), 'nocturne-tools-')), 'tools');
  execFileSync('python3', ['-m', 'venv', tools], { stdio: 'pipe' });
  pip(tools, 'uv', 'poetry', 'setuptools', 'wheel', 'hatchling', 'editables');
}, 300_000);

afterAll(() => rmSync(join(tools, '..'), { recursive: true, force: true }));

function pip(environment: string, ...args: string[]): void {
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args];
  execFileSync(join(environment, 'bin', 'python'), install, { stdio: 'pipe', timeout: 240_000 });
}

const model = 'LEARNING_RATE = 0.1\ndef loss():\n    return abs(LEARNING_RATE - 0.3) + 1\n';
const train =
  'from tinypkg import model\n\ndef main():\n    print(f"METRIC loss={model.loss():.4f}")\n\nif __name__ == "__main__":\n    main()\n';
const setuptools = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
const hatchling = `[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel]\npackages = ["src/tinypkg"]\n`;
const metadata = '[project]\nname = "tinypkg"\nversion = "0"\nrequires-python = ">=3.8"\n';

interface Project {
  readonly build?: string;
  readonly train?: string;
  readonly edit?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Installs the project in its folder. */
  readonly install: (repo: TemporaryRepo, environment: string) => void;
}

/** A src layout with a `.venv`, in one commit. */
function makeProject({
  build = setuptools,
  train: command = 'python -m tinypkg.train',
  edit,
  files,
  install,
}: Project) {
  const repo = emptyRepo();
  const all = { 'src/tinypkg/__init__.py': '', 'src/tinypkg/model.py': model, 'src/tinypkg/train.py': train, ...files };
  for (const [path, text] of Object.entries({ 'pyproject.toml': metadata + build, ...all })) repo.write(path, text);
  const editable = edit ?? 'src/tinypkg/model.py';
  const settings = `edit: [${editable}]\ntrain: ${command}\nmetric: loss\nbudget: 1s\nresearcher: random\nstop: {experiments: 2}`;
  repo.write('program.md', `---\n${settings}\n---\nLower the loss.\n`);
  repo.write('.gitignore', '.venv/\n*.egg-info/\nbuild/\nruns/\n*.so\n__pycache__/\n');
  const environment = join(repo.root, '.venv');
  install(repo, environment);
  repo.commit('start');
  return repo;
}

function withVenv(install: (repo: TemporaryRepo, environment: string) => void): Project['install'] {
  return (repo, environment) => {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'pipe' });
    install(repo, environment);
  };
}

const editable = withVenv(({ root }, environment) => pip(environment, '-e', root));

const study = ['run', '--plain', '--tag', 'a'];
const path = () => `${join(tools, 'bin')}${delimiter}${process.env.PATH}`;

/** In a locale of UTF-8: Python itself cannot read the `.pth` file of an editable install in a folder such as ours with `C`. */
function nocturne(folder: string, args: readonly string[], variables: Variables = {}): Promise<Said> {
  return start(folder, args, { LC_ALL: 'C.UTF-8', ...ofNetwork(), ...variables }, 280_000);
}

/** How this machine reaches the package index, which the tools of a run ask. */
function ofNetwork(): Variables {
  const names = /^(SSL_CERT_|REQUESTS_CA_|UV_|PIP_|(HTTPS?|ALL|NO)_PROXY$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
}

/** Expects scores that differ from the baseline's as the changed knob says. */
function expectOwnCode(repo: TemporaryRepo, said: Said): void {
  expect(said.exitCode, said.stderr).toBe(0);
  const entries = journalOf(repo.root, 'a');
  const changed = entries.filter((entry): entry is EntryOf<'proposal-made'> => entry.event === 'proposal-made');
  expect(changed.length).toBeGreaterThanOrEqual(2);
  const ended = entries.filter((entry): entry is EntryOf<'run-ended'> => entry.event === 'run-ended');
  const scoreOf = (experiment: number) =>
    ended.find((entry) => entry.experiment === experiment)?.result.measurement?.value;
  expect(scoreOf(0)).toBeCloseTo(1.2, 9);
  for (const { experiment, proposal } of changed) {
    const [knob] = proposal.edits.flatMap((edit) => (edit.kind === 'set-knob' ? [Number(edit.to)] : []));
    expect(scoreOf(experiment)).toBeCloseTo(Math.abs((knob ?? Number.NaN) - 0.3) + 1, 3);
  }
}

describe('the candidate runs', { timeout: 300_000 }, () => {
  it.each([
    ['pip install -e, setuptools', { install: editable }],
    ['pip install -e, hatchling', { build: hatchling, install: editable }],
    [
      'pip install -e with the import hook of setuptools',
      {
        install: withVenv(({ root }, environment) =>
          pip(environment, '-e', root, '--config-settings', 'editable_mode=strict'),
        ),
      },
    ],
    ['pip install, a copy', { install: withVenv(({ root }, environment) => pip(environment, root)) }],
    [
      'a console script',
      {
        build: `[project.scripts]\ntiny-train = "tinypkg.train:main"\n${setuptools}`,
        train: 'tiny-train',
        install: editable,
      },
    ],
    [
      'a namespace package',
      {
        build: `[tool.setuptools.packages.find]\nwhere = ["src"]\n${setuptools}`,
        edit: 'src/space/tinypkg/model.py',
        train: 'python -m space.tinypkg.train',
        files: {
          'src/space/tinypkg/model.py': model,
          'src/space/tinypkg/train.py': train.replace('tinypkg', 'space.tinypkg'),
        },
        install: editable,
      },
    ],
  ] satisfies readonly (readonly [string, Project])[])('%s', async (_, project) => {
    const repo = makeProject(project);
    expectOwnCode(repo, await nocturne(repo.root, study, { PATH: path() }));
  });

  it('PYTHONPATH of the shell, absolute and not', async () => {
    for (const place of ['absolute', 'relative']) {
      const repo = makeProject({ install: withVenv(() => {}) });
      const variables = { PYTHONPATH: place === 'absolute' ? join(repo.root, 'src') : 'src' };
      expectOwnCode(repo, await nocturne(repo.root, study, variables));
    }
  });

  it('uv sync, with `uv run` and with the python of .venv', async () => {
    for (const command of ['uv run python -m tinypkg.train', 'uv run tiny-train', 'python -m tinypkg.train']) {
      const repo = makeProject({
        build: `[project.scripts]\ntiny-train = "tinypkg.train:main"\n${hatchling}`,
        train: command,
        install: ({ root }) =>
          execFileSync(join(tools, 'bin', 'uv'), ['sync', '--quiet'], { cwd: root, stdio: 'pipe' }),
      });
      expectOwnCode(repo, await nocturne(repo.root, study, { PATH: path() }));
    }
  });

  it('`uv run` in a project whose environment uv has not made yet', async () => {
    const repo = makeProject({ build: hatchling, train: 'uv run python -m tinypkg.train', install: () => {} });
    expectOwnCode(repo, await nocturne(repo.root, study, { PATH: path() }));
    expect(existsSync(join(repo.root, '.venv'))).toBe(false);
  });

  it('poetry install, with `poetry run` and with its python', async () => {
    const cache = temporaryFolder();
    const build = `[tool.poetry]\npackages = [{include = "tinypkg", from = "src"}]\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n`;
    const variables = { PATH: path(), POETRY_CACHE_DIR: cache, POETRY_VIRTUALENVS_IN_PROJECT: 'false' };
    for (const command of ['poetry run python -m tinypkg.train', 'python -m tinypkg.train']) {
      const install: Project['install'] = ({ root }) => {
        const { VIRTUAL_ENV: _, ...rest } = process.env;
        execFileSync('poetry', ['install', '--quiet'], { cwd: root, stdio: 'pipe', env: { ...rest, ...variables } });
      };
      const repo = makeProject({ build, train: command, install });
      expectOwnCode(repo, await nocturne(repo.root, study, variables));
    }
  });

  it('processes that the training starts', async () => {
    const launch = 'import subprocess, sys\nsubprocess.run([sys.executable, "-m", "tinypkg.train"], check=True)\n';
    const repo = makeProject({ train: 'python launch.py', files: { 'launch.py': launch }, install: editable });
    expectOwnCode(repo, await nocturne(repo.root, study));
  });
});

describe('one sentence refuses before the first experiment', { timeout: 300_000 }, () => {
  const refused = (said: Said, words: RegExp) => {
    expect(said.exitCode).toBe(1);
    expect(said.stderr).toMatch(words);
    expect(said.stderr).not.toMatch(/^ {3}1 /m);
  };

  it('a compiled extension that nothing builds in the run', async () => {
    const source = `#include <Python.h>
#define LEARNING_RATE 0.1
static PyObject *loss(PyObject *self, PyObject *args) { return PyFloat_FromDouble(1.2); }
static PyMethodDef methods[] = {{"loss", loss, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_core", 0, -1, methods};
PyMODINIT_FUNC PyInit__core(void) { return PyModule_Create(&module); }
`;
    const setup =
      'from setuptools import Extension, setup\nsetup(ext_modules=[Extension("tinypkg._core", ["src/tinypkg/_core.c"])])\n';
    const files = {
      'setup.py': setup,
      'src/tinypkg/_core.c': source,
      'src/tinypkg/train.py': train.replace('import model', 'import _core as model'),
    };
    const repo = makeProject({ edit: 'src/tinypkg/_core.c', files, install: editable });
    repo.write(
      'program.md',
      repo.read('program.md').replace('researcher: random', 'researcher: command\ncommand: "true"'),
    );
    repo.commit('asks a command');
    refused(
      await nocturne(repo.root, study),
      /no process of it opened src\/tinypkg\/_core\.c .* it used .+_core\S+\.so, which was compiled/,
    );
  });

  it('a Python that ignores its environment', async () => {
    const repo = makeProject({ train: 'python -I -m tinypkg.train', install: editable });
    refused(await nocturne(repo.root, study), /no process of it opened src\/tinypkg\/model\.py in its own folder/);
  });

  it('a script by its absolute path', async () => {
    const repo = makeProject({
      install: editable,
      files: { 'train.py': `${model}print(f"METRIC loss={loss():.4f}")\n` },
      edit: 'train.py',
    });
    repo.write(
      'program.md',
      repo.read('program.md').replace('python -m tinypkg.train', `python "${repo.root}/train.py"`),
    );
    repo.commit('absolute');
    refused(await nocturne(repo.root, study), /it ran .+train\.py, not train\.py of its own folder/);
  });
});

describe('requirements.txt', { timeout: 300_000 }, () => {
  it('warns of what is not met, and the run decides', async () => {
    const repo = makeProject({
      install: editable,
      files: { 'requirements.txt': 'none-such-here\n-r base.txt\n', 'base.txt': 'none-such-either\n' },
    });
    const said = await nocturne(repo.root, study);
    expectOwnCode(repo, said);
    expect(said.stderr).toMatch(/warning: .*does not meet none-such-here, none-such-either/);
  });

  it('warns with --python too, and with --yes where pip cannot install it', async () => {
    const project = {
      install: () => {},
      files: { 'requirements.txt': 'none-such-here-9\n', 'train.py': `${model}print(f"METRIC loss={loss():.4f}")\n` },
      edit: 'train.py',
      train: 'python train.py',
    };
    for (const flags of [['--python', 'python3'], ['--yes']]) {
      const repo = makeProject(project);
      const said = await nocturne(repo.root, [...study, ...flags], { XDG_CACHE_HOME: temporaryFolder() });
      expectOwnCode(repo, said);
      expect(said.stderr).toMatch(/warning: .*does not meet none-such-here-9/);
    }
  });
});
