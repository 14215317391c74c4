/** What every workspace promises to the loop. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WorkspaceError } from '../../src/core/base/errors.ts';
import type { Workspace } from '../../src/ports/workspace.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

export interface WorkspaceFixture {
  readonly workspace: Workspace;
  readonly start: string;
  /** Where a ref points, by its full name. */
  readonly ref: (name: string) => string | undefined;
  /** Points a ref somewhere, as another program would. */
  readonly setRef: (name: string, commit: string) => void;
}

/** The files of the fixture's start commit. */
export const contractFiles = {
  'README.md': 'NOCTURNE_ELSEWHERE\n',
  'lab one/train.py': 'LR = 0.1\r\nDEPTH = 2',
  'lab one/modül/net.py': '\uFEFFWIDTH = 8\n',
  'lab one/prepare.py': 'print("NOCTURNE_SEED")\n',
  'lib/helper.py': 'x = 1\n',
  'other/unrelated.py': 'y = 2\n',
};

export const contractOptions = {
  sandbox: 'lab one',
  edit: ['train.py', 'modül/net.py'],
  include: ['lib'],
  tag: 'nov23',
};

const TIP = 'refs/autoresearch/nov23/tip';
const BRANCH = 'refs/heads/autoresearch/nov23';
const BASE = { 'train.py': 'LR = 0.1\r\nDEPTH = 2', 'modül/net.py': '\uFEFFWIDTH = 8\n' };
const PATCHED = { 'train.py': 'LR = 0.2 # `$&`\r\nDEPTH = 2', 'modül/net.py': '\uFEFFWIDTH = 16' };

export function testWorkspaceContract(name: string, create: () => WorkspaceFixture): void {
  const request = (parent: string, experiment = 1) => ({
    experiment,
    parent,
    message: 'Raise the rate\n\nIt is low.\n',
    date: '2024-11-23T01:02:03.456Z',
  });

  describe(`the ${name} workspace`, () => {
    test('a file is read exactly as it was committed', async () => {
      const { workspace, start } = create();
      expect(await workspace.read(start)).toEqual(BASE);
      const { commit } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      expect(await workspace.read(commit)).toEqual(PATCHED);
    });

    test('of fixed files, those that the commit has are read', async () => {
      const { workspace, start } = create();
      const { commit } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      const found = await workspace.readBeside?.(commit, ['prepare.py', 'nowhere.py', 'modül/none.py']);
      expect(found).toEqual({ 'prepare.py': 'print("NOCTURNE_SEED")\n' });
    });

    test('a candidate made again has the same hashes', async () => {
      const { workspace, start } = create();
      const first = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      expect(await workspace.commitCandidate({ ...request(start), files: PATCHED })).toEqual(first);
    });

    test('an attempt ref points at its candidate', async () => {
      const { workspace, start, ref } = create();
      const { commit } = await workspace.commitCandidate({ ...request(start, 7), files: PATCHED });
      expect(ref('refs/autoresearch/nov23/0007')).toBe(commit);
      const later = await workspace.commitCandidate({ ...request(start, 12345), files: PATCHED });
      expect(ref('refs/autoresearch/nov23/12345')).toBe(later.commit);
    });

    test("a confirmation's contender has a ref of its own, and the attempts keep theirs", async () => {
      const { workspace, start, ref } = create();
      const { commit } = await workspace.commitCandidate({ ...request(start, 7), files: PATCHED });
      const { experiment: _, ...rest } = request(commit);
      const contender = { ...rest, confirmation: 2, contender: 'without-7', files: BASE };
      const made = await workspace.commitContender(contender);
      expect(ref('refs/autoresearch/nov23/confirm-2/without-7')).toBe(made.commit);
      expect(ref('refs/autoresearch/nov23/0007')).toBe(commit);
      expect(await workspace.read(made.commit)).toEqual(BASE);
      expect(await workspace.commitContender(contender)).toEqual(made);
    });

    test('an editable file that a candidate does not name stays that of its parent', async () => {
      const { workspace, start } = create();
      const { commit } = await workspace.commitCandidate({ ...request(start), files: { 'train.py': 'LR = 1\n' } });
      expect(await workspace.read(commit)).toEqual({ ...BASE, 'train.py': 'LR = 1\n' });
    });

    test('equal content is the same candidate, whatever its parent or message', async () => {
      const { workspace, start } = create();
      const first = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      const second = await workspace.commitCandidate({ ...request(first.commit, 2), message: 'again', files: PATCHED });
      const third = await workspace.commitCandidate({ ...request(start, 3), files: { 'train.py': 'LR = 3\n' } });
      expect(second.content).toBe(first.content);
      expect(second.commit).not.toBe(first.commit);
      expect(third.content).not.toBe(first.content);
    });

    test('a source is recognised without being committed', async () => {
      const { workspace, start } = create();
      const adopted = await workspace.adoptStart(start);
      const { content } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      expect(await workspace.identify(PATCHED)).toBe(content);
      expect(await workspace.identify(BASE)).toBe(adopted.content);
    });

    test('a text is found in any file of the sandbox and in no other', async () => {
      const { workspace, start } = create();
      expect(await workspace.mentions(start, ['NOCTURNE_SEED'])).toBe(true);
      expect(await workspace.mentions(start, ['NOCTURNE_ELSEWHERE'])).toBe(false);
      expect(await workspace.mentions(start, ['NOCTURNE.SEED'])).toBe(false);
      expect(await workspace.mentions(start, ['NOCTURNE.SEED', 'NOCTURNE_SEED'])).toBe(true);
      expect(await workspace.mentions(start, ['NOCTURNE.SEED', 'NOCTURNE_ELSEWHERE'])).toBe(false);
    });

    test('a text is found in the included paths too, where all that a run gets is asked for', async () => {
      const { workspace, start } = create();
      expect(await workspace.mentions(start, ['x = 1'])).toBe(false);
      expect(await workspace.mentions(start, ['x = 1'], 'run')).toBe(true);
      expect(await workspace.mentions(start, ['NOCTURNE_SEED'], 'run')).toBe(true);
      expect(await workspace.mentions(start, ['y = 2', 'NOCTURNE_ELSEWHERE'], 'run')).toBe(false);
    });

    test('adopting the start sets attempt 0, the tip and the branch, and may be repeated', async () => {
      const { workspace, start, ref } = create();
      const first = await workspace.adoptStart(start);
      expect(first.commit).toBe(start);
      expect(await workspace.adoptStart(start)).toEqual(first);
      expect([ref('refs/autoresearch/nov23/0000'), ref(TIP), ref(BRANCH)]).toEqual([start, start, start]);
    });

    test('a tag whose refs belong to another study is refused', async () => {
      for (const name of [TIP, BRANCH, 'refs/autoresearch/nov23/0000', 'refs/autoresearch/nov23/0003']) {
        const { workspace, start, setRef } = create();
        const { tree } = await workspace.adoptStart(start);
        setRef(name, await workspace.commitKeep({ ...request(start), tree }));
        await expect(workspace.adoptStart(start)).rejects.toThrow(WorkspaceError);
        await expect(workspace.adoptStart(start)).rejects.toThrow(`The tag nov23 is taken: ${name}`);
      }
    });

    test('a keep has the tree of its candidate, the same hash when repeated, and moves no ref', async () => {
      const { workspace, start, ref } = create();
      await workspace.adoptStart(start);
      const { tree } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      const keep = await workspace.commitKeep({ ...request(start), message: 'kept', tree });
      expect(await workspace.commitKeep({ ...request(start), message: 'kept', tree })).toBe(keep);
      expect(await workspace.read(keep)).toEqual(PATCHED);
      expect([ref(TIP), ref(BRANCH)]).toEqual([start, start]);
    });

    test('the tip and the branch move together, and moving them again changes nothing', async () => {
      const { workspace, start, ref } = create();
      await workspace.adoptStart(start);
      const { tree } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      const keep = await workspace.commitKeep({ ...request(start), tree });
      await workspace.moveBranch(start, keep);
      await workspace.moveBranch(start, keep);
      expect([ref(TIP), ref(BRANCH)]).toEqual([keep, keep]);
    });

    test('a move that stopped half way is completed', async () => {
      for (const name of [TIP, BRANCH]) {
        const { workspace, start, ref, setRef } = create();
        await workspace.adoptStart(start);
        const { commit } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
        setRef(name, commit);
        await workspace.moveBranch(start, commit);
        expect([ref(TIP), ref(BRANCH)]).toEqual([commit, commit]);
      }
    });

    test('a tip or branch that another program moved stops with an error and stays', async () => {
      for (const name of [TIP, BRANCH]) {
        const { workspace, start, ref, setRef } = create();
        await workspace.adoptStart(start);
        const { commit } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
        const other = await workspace.commitCandidate({ ...request(start, 2), files: { 'train.py': 'z' } });
        setRef(name, other.commit);
        await expect(workspace.moveBranch(start, commit)).rejects.toThrow(new RegExp(`${other.commit}.*${start}`));
        expect(ref(name)).toBe(other.commit);
      }
    });

    test('a run gets the sandbox and the included paths, and nothing else', async () => {
      const { workspace, start } = create();
      const { commit } = await workspace.commitCandidate({ ...request(start), files: PATCHED });
      const folder = temporaryFolder();
      await workspace.materialise(commit, folder);
      const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
      expect(paths.sort()).toEqual(
        ['lab one/modül/net.py', 'lab one/prepare.py', 'lab one/train.py', 'lib/helper.py'].sort(),
      );
      expect(readFileSync(join(folder, 'lab one/train.py'), 'utf8')).toBe(PATCHED['train.py']);
      expect(readFileSync(join(folder, 'lib/helper.py'), 'utf8')).toBe('x = 1\n');
    });

    test('a diff shows the editable files that differ, from the top of the repository', async () => {
      const { workspace, start } = create();
      const { commit } = await workspace.commitCandidate({ ...request(start), files: { 'train.py': 'LR = 0.2\r\n' } });
      const diff = await workspace.diff(start, commit);
      expect(diff).toContain('--- a/lab one/train.py');
      expect(diff).toContain('-LR = 0.1');
      expect(diff).toContain('+LR = 0.2');
      expect(diff).not.toContain('net.py');
      expect(await workspace.diff(start, start)).toBe('');
    });
  });
}
