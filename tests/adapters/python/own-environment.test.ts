/** The tool's own Python environment, on Pythons that lack what makes one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findInterpreter } from '../../../src/adapters/python/find-interpreter.ts';
import { requireMaker } from '../../../src/adapters/python/make-environment.ts';
import { installRequirements, ownEnvironmentFolder, ownPython } from '../../../src/adapters/python/own-environment.ts';
import { offline, probed, pythonWithout, requirementsFile } from '../../helpers/bare-python.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const quiet = () => {};

describe('a Python with neither ensurepip nor pip', () => {
  it('makes nothing, and the error names the package to install', async () => {
    const requirements = requirementsFile();
    const cache = { XDG_CACHE_HOME: temporaryFolder() };
    const base = { ...(await probed(pythonWithout('ensurepip', 'pip'), requirements)), isDebian: true };
    expect(base.maker).toBeNull();
    const making = installRequirements({ ...base, version: '3.12.3' }, requirements, cache, quiet);
    await expect(making).rejects.toMatchObject({
      message: expect.stringContaining('has neither ensurepip nor pip'),
      hint: expect.stringMatching(/`(sudo )?apt install python3\.12-venv`/),
    });
    expect(readdirSync(cache.XDG_CACHE_HOME)).toEqual([]);
  });

  it('names pip where the missing parts are not packages of apt', async () => {
    const base = await probed('python3', requirementsFile());
    expect(() => requireMaker({ ...base, maker: null, isDebian: false })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('python3-pip') }),
    );
  });
});

it('a half-made environment of before is made anew', async () => {
  offline();
  const requirements = requirementsFile();
  const cache = { XDG_CACHE_HOME: temporaryFolder() };
  const folder = ownEnvironmentFolder(cache);
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);
  writeFileSync(join(folder, 'leftover'), '');

  const found = await findInterpreter({
    asked: undefined,
    projectFolders: [],
    environment: {},
    requirements,
    own: ownPython(cache),
  });
  expect(found.origin).toBe('python3 on PATH');
  const own = await installRequirements(found, requirements, cache, quiet);
  expect(own).toMatchObject({ executable: ownPython(cache), unmet: [] });
  expect(existsSync(join(folder, 'leftover'))).toBe(false);
  expect(readdirSync(dirname(folder))).toEqual(['python']);
});

it("a project's environment that does not run is passed over, and told", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.venv', 'bin'), { recursive: true });
  writeFileSync(join(folder, '.venv', 'bin', 'python'), '#!/bin/sh\necho broken >&2\nexit 1\n', { mode: 0o755 });
  const query = { asked: undefined, projectFolders: [folder], environment: {}, own: '/none/python' };
  const { origin, passedOver } = await findInterpreter(query);
  expect(origin).toBe('python3 on PATH');
  expect(passedOver).toEqual([`${folder}/.venv/bin/python (the project's .venv) does not run: broken`]);
});

it('a making that fails leaves nothing behind', async () => {
  vi.stubEnv('PIP_NO_INDEX', '1');
  const requirements = requirementsFile();
  const cache = { XDG_CACHE_HOME: temporaryFolder() };
  const base = { ...(await probed('python3', requirements)), maker: 'pip' as const };
  await expect(installRequirements(base, requirements, cache, quiet)).rejects.toThrow(
    'cannot make a Python environment',
  );
  expect(readdirSync(dirname(ownEnvironmentFolder(cache)))).toEqual([]);
});

describe('where the environment lies', () => {
  it('in the folder that XDG_CACHE_HOME names, whether or not it can be written', () => {
    expect(ownEnvironmentFolder({ XDG_CACHE_HOME: '/dev/null/cache' })).toBe('/dev/null/cache/nocturne/python');
  });

  it('among temporary files where that of the home folder cannot be written', () => {
    const home = join(temporaryFolder(), 'home');
    writeFileSync(home, 'a file stands in its place');
    vi.stubEnv('HOME', home);
    vi.stubEnv('TMPDIR', temporaryFolder());
    expect(ownEnvironmentFolder({})).toBe(join(process.env.TMPDIR ?? '', `nocturne-${process.getuid?.()}`, 'python'));
  });

  it('not in a folder of that name that is no folder of this user', () => {
    const home = join(temporaryFolder(), 'home');
    writeFileSync(home, 'a file stands in its place');
    vi.stubEnv('HOME', home);
    vi.stubEnv('TMPDIR', temporaryFolder());
    writeFileSync(join(process.env.TMPDIR ?? '', `nocturne-${process.getuid?.()}`), 'planted');
    expect(ownEnvironmentFolder({})).toBe(join(home, '.cache', 'nocturne', 'python'));
  });

  it('a folder that cannot be made is one sentence that names the way out', async () => {
    const requirements = requirementsFile();
    const cache = { XDG_CACHE_HOME: '/dev/null/cache' };
    await expect(
      installRequirements(await probed('python3', requirements), requirements, cache, quiet),
    ).rejects.toMatchObject({
      message: expect.stringContaining('/dev/null/cache/nocturne'),
      hint: expect.stringContaining('XDG_CACHE_HOME='),
    });
  });
});

describe('a Python that cannot be used is named with what was found', () => {
  it.each([
    [
      'too old',
      'echo \'{"executable": "/x", "version": "3.6.9", "unmet": [], "torch": null, "numpy": null}\'',
      'is Python 3.6.9',
    ],
    ['without its library', 'echo "No module named \'json\'" >&2; exit 1', "does not run: No module named 'json'"],
    ['something else', 'echo hello', 'is no Python'],
  ])('%s', async (_, script, found) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'python3'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const query = { projectFolders: [], environment: {}, own: '/nowhere/python' };
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
    await expect(findInterpreter({ ...query, asked: undefined })).rejects.toThrow(`python3 on PATH ${found}`);
    await expect(findInterpreter({ ...query, asked: join(folder, 'python3') })).rejects.toThrow(found);
  });
});
