import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probeInterpreter } from '../../../src/adapters/python/probe.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

/** A command that prints this, in place of a Python. */
function fakePython(output: string, exitCode = 0): string {
  const path = join(temporaryFolder(), 'python');
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${output}\nEND\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
  return path;
}

function answer(version: string): string {
  return JSON.stringify({ executable: '/x/python', version, unmet: [], torch: null, numpy: null });
}

async function unmetOf(requirements: string): Promise<readonly string[] | undefined> {
  const path = join(temporaryFolder(), 'requirements.txt');
  writeFileSync(path, requirements);
  return (await probeInterpreter('python3', path))?.unmet;
}

it('python3 says which executable it is, and its version', async () => {
  const found = await probeInterpreter('python3');
  expect(found?.executable).toMatch(/^\//);
  expect(found?.version).toMatch(/^3\.\d+\.\d+/);
  expect(found?.unmet).toEqual([]);
});

it('a virtual environment keeps its own path, through links too', async () => {
  const folder = join(temporaryFolder(), 'venv');
  execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);
  const python = join(folder, 'bin', 'python');
  expect((await probeInterpreter(python))?.executable).toBe(python);
});

describe('what is no Python 3.8 or newer is not found', () => {
  it.each([
    ['no such command', async () => '/no/such/python'],
    ['a folder', async () => temporaryFolder()],
    ['an older Python', async () => fakePython(answer('3.7.17'))],
    ['Python 2', async () => fakePython(answer('2.7.18'))],
    ['Python 4', async () => fakePython(answer('4.0.0'))],
    ['a command that fails', async () => fakePython(answer('3.11.0'), 1)],
    ['a command that says something else', async () => fakePython('hello')],
    ['a command that says nothing', async () => fakePython('')],
    ['a command that says half of it', async () => fakePython('{"version": "3.11.0"}')],
    [
      'a link to nowhere',
      async () => {
        const path = join(temporaryFolder(), 'python');
        symlinkSync('/nowhere', path);
        return path;
      },
    ],
  ])('%s', async (_, command) => {
    expect(await probeInterpreter(await command())).toBeUndefined();
  });

  it.each(['3.8.0', '3.14.0'])('Python %s is', async (version) => {
    expect(await probeInterpreter(fakePython(answer(version)))).toMatchObject({ version });
  });
});

describe('requirements', () => {
  it.each([
    ['an installed package', 'pip\n', []],
    ['comments, blank lines and spaces', '# all\n\n  pip  # here\n', []],
    ['a version that is there', 'pip>=1,<1000\n', []],
    ['a version that is not', 'pip>=1000\n', ['pip>=1000']],
    ['a package that is not', 'pip\nno-such-package-here==1.0\n', ['no-such-package-here==1.0']],
    ['a marker that does not apply', 'no-such-package-here; python_version < "3"\n', []],
    ['another file that is not there', '-r other.txt\n', ['-r other.txt']],
    ['options for the index', '--index-url https://pypi.example/simple\n-f ./wheels\n--pre\n-c constraints.txt\n', []],
    ['a hash, on a line of its own', 'pip>=1 \\\n    --hash=sha256:00\n', []],
    ['an extra and a marker that applies', 'pip[more]>=1; python_version > "3"\n', []],
    [
      'a name at a URL',
      'pip @ https://pypi.example/pip-1.zip\nnone-such @ https://pypi.example/x.zip\n',
      ['none-such @ https://pypi.example/x.zip'],
    ],
    [
      'a repository that names its package',
      'git+https://git.example/a.git#egg=none-such\n',
      ['git+https://git.example/a.git#egg=none-such'],
    ],
    ['a repository that does not', 'git+https://git.example/a.git\n', []],
    [
      'a wheel',
      'https://pypi.example/none_such-1.0-py3-none-any.whl\n./pip-9.0-py3-none-any.whl\n',
      ['https://pypi.example/none_such-1.0-py3-none-any.whl'],
    ],
    ['a folder without a name', '-e ./somewhere\n.\n', []],
    ['something unreadable', '@@@\n', ['@@@']],
  ])('with %s', async (_, requirements, unmet) => {
    expect(await unmetOf(requirements)).toEqual(unmet);
  });

  it('of other files count, each once, also when they include each other', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'requirements.txt'), 'pip\n-r base.txt\n-e .\n');
    writeFileSync(join(folder, 'base.txt'), 'none-such\n-r requirements.txt\n');
    writeFileSync(join(folder, 'pyproject.toml'), '[project]\nname = "none-here"\n');
    const found = await probeInterpreter('python3', join(folder, 'requirements.txt'));
    expect(found?.unmet).toEqual(['none-such', '-e .']);
  });

  it('that do not exist are met', async () => {
    expect((await probeInterpreter('python3', '/no/such/requirements.txt'))?.unmet).toEqual([]);
  });
});

it('modules in the current folder are not imported by the probe', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'platform.py'), 'raise SystemExit("imported")\n');
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(await probeInterpreter('python3')).toBeDefined();
  } finally {
    process.chdir(before);
  }
});
