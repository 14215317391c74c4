/** Pythons that lack what makes an environment, and a package index in a folder for pip. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { type Interpreter, probeInterpreter } from '../../src/adapters/python/probe.ts';
import { temporaryFolder } from './temporary-repo.ts';

/** As Debian and Ubuntu ship it without python3-venv: the modules of these names are not there. */
export function pythonWithout(...hidden: readonly string[]): string {
  const folder = join(temporaryFolder(), 'venv');
  execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);
  const python = join(folder, 'bin', 'python');
  const [packages = ''] = sitesOf(python);
  writeFileSync(join(packages, 'hide.pth'), 'import hide_modules\n');
  writeFileSync(
    join(packages, 'hide_modules.py'),
    `import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ${JSON.stringify(hidden)}:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)

sys.meta_path.insert(0, Hidden())
`,
  );
  return python;
}

/** Its folders of packages. */
export function sitesOf(python: string): string[] {
  const script = 'import json, site; print(json.dumps(site.getsitepackages()))';
  return JSON.parse(execFileSync(python, ['-c', script], { encoding: 'utf8' }));
}

/** A package index in a folder: pip itself, as ensurepip bundles it, and a package of one file. */
function packageIndex(): string {
  const folder = temporaryFolder();
  execFileSync('python3', ['-c', makeIndex, folder]);
  return folder;
}

const makeIndex = `
import ensurepip, glob, os, shutil, sys, sysconfig, zipfile
folder = sys.argv[1]
# Distributions keep the wheels of ensurepip elsewhere.
places = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"), sysconfig.get_config_var("WHEEL_PKG_DIR") or "."
wheels = [wheel for place in places for wheel in glob.glob(os.path.join(place, "pip-*.whl"))]
shutil.copy(wheels[0], folder)
info = "tiny_part-1.0.dist-info"
with zipfile.ZipFile(os.path.join(folder, "tiny_part-1.0-py3-none-any.whl"), "w") as wheel:
    wheel.writestr("tiny_part.py", "answer = 42\\n")
    wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: tiny-part\\nVersion: 1.0\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", f"tiny_part.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`;

/**
 * From now on pip installs from that index alone, whose folder is given. It splits what the variable holds at spaces, which a
 * URL has none of.
 */
export function offline(): string {
  const index = packageIndex();
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', pathToFileURL(index).href);
  return index;
}

/** A requirements file that only that index meets. */
export function requirementsFile(text = 'tiny-part>=1\n'): string {
  const path = join(temporaryFolder(), 'requirements.txt');
  writeFileSync(path, text);
  return path;
}

/** What a Python that runs says of itself. */
export async function probed(python: string, requirements: string): Promise<Interpreter> {
  const found = await probeInterpreter(python, requirements);
  if (found === undefined) throw new Error(`${python} does not run`);
  return found;
}
