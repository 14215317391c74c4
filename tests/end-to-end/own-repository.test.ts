/** A run that is not isolated and reaches into the owner's repository: what it does there is noticed. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf, journalOf, nocturne } from '../helpers/nocturne.ts';
import { type TemporaryRepo, temporaryRepo } from '../helpers/temporary-repo.ts';

/** A study whose second candidate is better than the baseline, and does this in the repository. */
function projectThat(deed: string): TemporaryRepo {
  return temporaryRepo({
    'train.py': `import os, subprocess
RATE = 1
root = os.environ["NOCTURNE_RUN_DIR"].split("/runs/")[0]
git = lambda *words: subprocess.run(["git", "-C", root, *words], check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}).stdout.strip()
if RATE == 2:
${deed.replace(/^/gm, '    ')}
print("loss:", 1 / RATE)
`,
    'program.md': `---
edit: [train.py]
train: python -S train.py
metric: loss
goal: minimize
budget: 5s
researcher: grid
policy: greedy
isolation: none
space: { RATE: int 1..2 }
stop: { experiments: 1 }
---
Lower it.
`,
  });
}

const run = ['run', '--tag', 'night', '--plain'];

test.each([
  ['moves the tip', 'git("update-ref", "refs/autoresearch/night/tip", "0" * 40)', 'refs/autoresearch/night/tip'],
  [
    'moves the branch',
    'git("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", "HEAD^{tree}", "-m", "forged")\ngit("update-ref", "refs/heads/autoresearch/night", git("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", "HEAD^{tree}", "-m", "forged"))',
    'refs/heads/autoresearch/night',
  ],
  [
    'moves an attempt',
    'git("update-ref", "refs/autoresearch/night/0000", "refs/autoresearch/night/0001")',
    'refs/autoresearch/night/0000',
  ],
])('where a run %s, the study stops and names the ref, and nothing is kept on it', async (_, deed, ref) => {
  const repo = projectThat(deed);
  const said = await nocturne(repo.root, run);
  expect(said.exitCode, said.stderr).not.toBe(0);
  expect(said.stderr).toContain(ref);
  const journal = journalOf(repo.root, 'night');
  expect(entriesOf(journal, 'run-ended').at(-1)?.result).toMatchObject({
    outcome: 'lost',
    reason: expect.stringContaining(ref),
  });
  expect(entriesOf(journal, 'verdict-given').filter(({ experiment }) => experiment > 0)).toEqual([]);
});

test.each([
  [
    'a hook',
    'hooks/post-commit',
    'os.makedirs(root + "/.git/hooks", exist_ok=True)\nopen(root + "/.git/hooks/post-commit", "w").write("true\\n")',
  ],
  ['a setting', 'config', 'git("config", "core.fsmonitor", "true")'],
])('%s that a run leaves there is said and stays, and the study goes on', async (_, path, deed) => {
  const repo = projectThat(deed);
  const said = await nocturne(repo.root, run);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).toContain(`.git/${path} is not as before: git would run or read it as you.`);
  expect(existsSync(join(repo.root, '.git', path))).toBe(true);
  expect(entriesOf(journalOf(repo.root, 'night'), 'verdict-given').at(-1)).toMatchObject({ experiment: 1 });
});

test('what the owner commits, branches and tags meanwhile is none of the study', async () => {
  const own =
    'git("tag", "mine")\ngit("branch", "idea")\ngit("-c", "user.name=x", "-c", "user.email=x@x", "commit", "--allow-empty", "-m", "mine")';
  const repo = projectThat(own);
  const said = await nocturne(repo.root, run);
  expect(said.exitCode, said.stderr).toBe(0);
  expect(said.stderr).not.toContain('not as before');
  expect(entriesOf(journalOf(repo.root, 'night'), 'verdict-given').at(-1)?.verdict.decision).toBe('keep');
});
