import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packagePath } from '../../../src/adapters/package-root.ts';
import { interpreter } from '../../helpers/interpreter.ts';

const begin = `import json, sys; sys.path.insert(0, ${JSON.stringify(packagePath('src', 'python'))}); import cage_code\n`;

function python(code: string, ...args: string[]): string {
  return execFileSync(interpreter, ['-B', '-c', begin + code, ...args], { encoding: 'utf8' }).trim();
}

async function stored(): Promise<{ path: string; digest: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'nocturne-code-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return JSON.parse(python('print(json.dumps(cage_code.store(sys.argv[1])))', folder));
}

/** Where the module that stands for the package comes from: carried modules have no folder. */
function carried({ path, digest }: { path: string; digest: string }): boolean {
  const code =
    'cage_code.offer(sys.argv[1], sys.argv[2]); import cage, cage.namespaces; print(len(cage.__path__) == 0)';
  return python(code, path, digest) === 'True';
}

describe('the compiled code of the cage', () => {
  it('is taken from its file', async () => {
    expect(carried(await stored())).toBe(true);
  });

  it('is taken from the source where the file is not as it was written, or is gone', async () => {
    const code = await stored();
    await appendFile(code.path, 'x');
    expect(carried(code)).toBe(false);
    await rm(code.path);
    expect(carried(code)).toBe(false);
  });

  it('that another file has the digest of is not taken for it', async () => {
    const code = await stored();
    expect(carried({ ...code, digest: code.digest.replace(/^./, (first) => (first === '0' ? '1' : '0')) })).toBe(false);
  });
});
