/** What Python processes of a run import, with the real Python and the module that they load when they start. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImports, withOwnTree } from '../../../src/adapters/run-folders/own-tree.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const bare = { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1' };

/** A checkout and the run's tree, in which `where` says which of them a file is of. */
function twoTrees(editable: string[], files: Readonly<Record<string, string>>) {
  const root = temporaryFolder();
  const place = {
    tree: join(root, 'work'),
    checkouts: [join(root, 'project')],
    editable,
    record: join(root, 'imports'),
  };
  for (const where of ['work', 'project']) {
    for (const [path, text] of Object.entries(files)) write(join(root, where, path), `where = '${where}'\n${text}`);
  }
  const python = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    execFileSync('python3', args, {
      cwd: place.tree,
      env: withOwnTree({ ...bare, ...variables }, place, place.checkouts[0]),
      encoding: 'utf8',
    }).trim();
  return { root, ...place, python, imports: () => readImports(place.record, '.') };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const package_ = { 'src/pkg/__init__.py': '', 'src/pkg/model.py': '' };
const tell = 'from pkg import model; print(model.where)';

describe('the run takes its own tree', () => {
  it('for an entry of PYTHONPATH, absolute or from where the program was called', async () => {
    const { python, checkouts, imports, tree } = twoTrees(['src/pkg/model.py'], package_);
    expect(python(['-c', tell], { PYTHONPATH: join(checkouts[0] ?? '', 'src') })).toBe('work');
    expect(python(['-c', tell], { PYTHONPATH: 'src' })).toBe('work');
    expect(await imports()).toContainEqual({
      kind: 'own',
      file: 'src/pkg/model.py',
      path: join(tree, 'src/pkg/model.py'),
    });
  });

  it('for a path that the script adds', () => {
    const { python, checkouts } = twoTrees(['src/pkg/model.py'], package_);
    const added = `import sys; sys.path.insert(0, '${checkouts[0]}/src')`;
    expect(python(['-c', `${added}; ${tell}`])).toBe('work');
  });

  it('for a namespace package, and for one that an import hook finds', () => {
    const { python, checkouts } = twoTrees(['src/space/pkg/model.py'], { 'src/space/pkg/model.py': '' });
    const told = 'from space.pkg import model; print(model.where)';
    expect(python(['-c', told], { PYTHONPATH: 'src' })).toBe('work');
    const hook = `
import sys
from importlib.util import spec_from_file_location
class Hook:
    def find_spec(self, name, path=None, target=None):
        return spec_from_file_location(name, '${checkouts[0]}/src/space/pkg/model.py') if name == 'hooked' else None
sys.meta_path.insert(1, Hook())
import hooked; print(hooked.where)`;
    expect(python(['-c', hook])).toBe('work');
  });

  it('in a process that multiprocessing spawns', () => {
    const { python, tree } = twoTrees(['src/pkg/model.py'], package_);
    const main = `import multiprocessing
def tell():
    from pkg import model
    print(model.where)
if __name__ == '__main__':
    process = multiprocessing.get_context('spawn').Process(target=tell)
    process.start()
    process.join()
`;
    write(join(tree, 'main.py'), main);
    expect(python(['main.py'], { PYTHONPATH: 'src' })).toBe('work');
  });

  it('for a folder of links to the checkout, as a strict editable install is', () => {
    const { python, root } = twoTrees(['src/pkg/model.py'], package_);
    mkdirSync(join(root, 'project/build/links/pkg'), { recursive: true });
    for (const file of ['__init__.py', 'model.py']) {
      symlinkSync(join(root, 'project/src/pkg', file), join(root, 'project/build/links/pkg', file));
    }
    expect(python(['-c', tell], { PYTHONPATH: join(root, 'project/build/links') })).toBe('work');
  });

  it('and still finds in the checkout what only that has', () => {
    const { python, root } = twoTrees(['src/pkg/model.py'], package_);
    write(join(root, 'project/src/pkg/generated.py'), 'built = 7');
    expect(
      python(['-c', 'from pkg import generated, model; print(generated.built, model.where)'], { PYTHONPATH: 'src' }),
    ).toBe('7 work');
  });
});

describe('the record', () => {
  it('names an editable file that was run by its absolute path', async () => {
    const { python, checkouts, imports } = twoTrees(['train.py'], { 'train.py': 'print(where)' });
    expect(python([join(checkouts[0] ?? '', 'train.py')])).toBe('project');
    expect(await imports()).toEqual([
      { kind: 'elsewhere', file: 'train.py', path: join(checkouts[0] ?? '', 'train.py') },
    ]);
  });

  it('names a copy of an editable module in an installation', async () => {
    const { python, root, imports } = twoTrees(['src/pkg/model.py'], package_);
    write(join(root, 'site/pkg/__init__.py'), '');
    write(join(root, 'site/pkg/model.py'), `where = 'site'`);
    expect(python(['-c', tell], { PYTHONPATH: join(root, 'site') })).toBe('site');
    expect(await imports()).toEqual([
      { kind: 'elsewhere', file: 'src/pkg/model.py', path: join(root, 'site/pkg/model.py') },
    ]);
  });

  it('is none of a package that has another name, or of a script without editable files', async () => {
    const { python, imports } = twoTrees(['model.py'], { 'model.py': '' });
    python(['-c', 'import json, email.message']);
    expect(await imports()).toEqual([]);
  });
});

it("the owner's own sitecustomize is still loaded, and the folder of ours is not on sys.path", () => {
  const { python, root } = twoTrees([], package_);
  write(join(root, 'custom/sitecustomize.py'), 'import sys; sys.mine = __name__');
  const told = python(['-c', 'import sys; print(sys.mine, [p for p in sys.path if "startup" in p])'], {
    PYTHONPATH: join(root, 'custom'),
  });
  expect(told).toBe('sitecustomize []');
});

it('isolated Python and Python without site run as they do elsewhere', () => {
  const { python } = twoTrees(['train.py'], { 'train.py': 'print(where)' });
  for (const flag of ['-I', '-S', '-E']) expect(python([flag, 'train.py'])).toBe('work');
});

it('a record that is no file of ours names nothing', async () => {
  const { record } = twoTrees([], {});
  write(record, 'own\nnonsense\tx\ty\n\u0000\n');
  expect(await readImports(record, '.')).toEqual([{ kind: 'own', file: '', path: '' }]);
  expect(readFileSync(record, 'utf8')).toContain('nonsense');
});
