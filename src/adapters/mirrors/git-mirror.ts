/**
 * A git remote that holds studies: the branch `autoresearch/<tag>`, `refs/autoresearch/<tag>/*` with every attempt, and
 * below `refs/autoresearch/<tag>/journal` a commit of the journal and the small files as they lie in `runs/<tag>`.
 *
 * A ref there is moved only from the commit at which this study left it. No ref is made in the owner's repository.
 */
import { readFile, rm } from 'node:fs/promises';
import { MirrorError } from '../../core/base/errors.ts';
import type { Mirror, StoredStudy, StudySnapshot } from '../../ports/mirror.ts';
import { type Git, openGit } from '../git/git.ts';
import { readObjects } from '../git/tree.ts';
import { networkEnvironment } from './git-network.ts';
import { commitFiles, privateObjects } from './journal-commit.ts';
import { withMirrorErrors, withoutPasswords } from './mirror-errors.ts';
import { requireOwn } from './same-study.ts';

export interface GitMirrorOptions {
  /** What git pushes to: an address or a path. */
  readonly url: string;
  /** The repository. */
  readonly root: string;
  /** `runs`, from the repository's root. */
  readonly runsInRepository: string;
  /** Folder for objects that only the mirror needs. */
  readonly workFolder: string;
}

type Refs = ReadonlyMap<string, string>;

/** The remote as a mirror. */
export function createGitMirror(options: GitMirrorOptions): Mirror {
  const { url, root, workFolder } = options;
  const git = withNetwork(openGit(root));
  const name = withoutPasswords(url);
  /**
   * The remote's refs as this session last read or pushed them; undefined before the first read and after a failed
   * save.
   */
  let known: Map<string, string> | undefined;
  let saves = 0;

  const save = async (snapshot: StudySnapshot, signal: AbortSignal): Promise<readonly string[]> => {
    const { tag } = snapshot;
    if (known === undefined || saves % savesPerObjects === 0) await rm(workFolder, { recursive: true, force: true });
    saves += 1;
    const own = withObjects(git, await privateObjects(git, workFolder));
    const there = known ?? (await listRefs(git, url, tag, signal));
    if (known === undefined) await requireUntouched(own, url, snapshot, there, signal);
    known = undefined;
    const journal = await commitFiles(own, snapshot, `${options.runsInRepository}/${tag}`, workFolder);
    const named: [string, string][] = [...snapshot.commits, ['journal', journal]];
    const wanted = new Map(named.map(([ref, id]) => [refOf(tag, ref), id]));
    await push(own, url, there, wanted, signal);
    const branch = new Map([[branchOf(tag), snapshot.commits.get('tip') ?? snapshot.start]]);
    const remarks = await pushBranch(own, url, there, branch, snapshot, signal);
    known = new Map([...there, ...wanted, ...(remarks.length === 0 ? branch : [])]);
    return remarks;
  };

  const bring = async (tag: string, signal: AbortSignal): Promise<StoredStudy> => {
    const there = await listRefs(git, url, tag, signal);
    const journal = there.get(refOf(tag, 'journal'));
    if (journal === undefined) throw new MirrorError(`there is no study ${tag}`);
    const refs = [...there.keys()].filter((ref) => ref.startsWith('refs/autoresearch/'));
    await fetchRefs(git, url, refs, signal);
    return { tag, files: await filesOf(git, journal, `${options.runsInRepository}/${tag}/`) };
  };

  return {
    name,
    save: (snapshot, signal) => withMirrorErrors(name, signal, () => save(snapshot, signal)),
    tags: (signal) => withMirrorErrors(name, signal, () => listTags(git, url, signal)),
    bring: (tag, signal) => withMirrorErrors(name, signal, () => bring(tag, signal)),
  };
}

/** Saves after which the work folder is emptied, since each save adds the whole journal to its objects. */
const savesPerObjects = 100;

const refOf = (tag: string, ref: string) => `refs/autoresearch/${tag}/${ref}`;
const branchOf = (tag: string) => `refs/heads/autoresearch/${tag}`;

function withNetwork(git: Git): Git {
  return { ...git, run: (args, call) => git.run(args, { environment: networkEnvironment(process.env), ...call }) };
}

function withObjects(git: Git, objects: Readonly<Record<string, string>>): Git {
  const environment = { ...networkEnvironment(process.env), ...objects };
  return {
    ...git,
    run: (args, call = {}) => git.run(args, { ...call, environment: { ...environment, ...call.environment } }),
    catFile: (args, call = {}) => git.catFile(args, { ...call, environment }),
  };
}

async function listRefs(git: Git, url: string, tag: string, signal: AbortSignal): Promise<Map<string, string>> {
  return lsRemote(git, url, [`refs/autoresearch/${tag}/*`, branchOf(tag)], signal);
}

async function listTags(git: Git, url: string, signal: AbortSignal): Promise<string[]> {
  const refs = await lsRemote(git, url, ['refs/autoresearch/*/journal'], signal);
  return [...refs.keys()].map((ref) => ref.split('/')[2] ?? '').sort();
}

async function lsRemote(git: Git, url: string, patterns: readonly string[], signal: AbortSignal) {
  const listed = await git.run(['ls-remote', '--refs', url, ...patterns], { signal });
  const lines = listed.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line): [string, string] => [line.split('\t')[1] ?? '', line.split('\t')[0] ?? '']));
}

/**
 * Throws when the remote's refs are not those of an earlier state of this study: another study's, or moved by another
 * program.
 */
async function requireUntouched(
  git: Git,
  url: string,
  { tag, commits, earlierTips, files }: StudySnapshot,
  there: Refs,
  signal: AbortSignal,
): Promise<void> {
  const journal = there.get(refOf(tag, 'journal'));
  if (journal !== undefined) {
    await fetchRefs(git, url, [refOf(tag, 'journal')], signal);
    const theirs = await journalOf(git, journal);
    requireOwn(theirs, await readFile(files.at(-1)?.source ?? ''), tag);
  }
  for (const [ref, commit] of there) {
    const own = ref.slice(refOf(tag, '').length);
    const isOwn = own === 'tip' ? earlierTips.includes(commit) : commits.get(own) === commit;
    if (ref.startsWith('refs/autoresearch/') && own !== 'journal' && !isOwn) throw movedThere(ref, commit);
  }
}

function movedThere(ref: string, commit: string): MirrorError {
  return new MirrorError(
    `${ref} is at ${commit} there, which is not where this study left it: another program moved it`,
  );
}

async function push(git: Git, url: string, there: Refs, wanted: Refs, signal: AbortSignal): Promise<void> {
  const changed = [...wanted].filter(([ref, id]) => there.get(ref) !== id);
  if (changed.length === 0) return;
  const leases = changed.map(([ref]) => `--force-with-lease=${ref}:${there.get(ref) ?? ''}`);
  // No `+` before an update: git would then ignore its --force-with-lease.
  const updates = changed.map(([ref, id]) => `${id}:${ref}`);
  await git.run(['push', '--quiet', '--no-verify', '--atomic', ...leases, url, ...updates], { signal });
}

/**
 * Pushes the branch, which is for people. One that a person moved is left as it is; the study is saved all the same.
 */
async function pushBranch(
  git: Git,
  url: string,
  there: Refs,
  branch: Refs,
  { earlierTips }: StudySnapshot,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [[name, tip] = ['', '']] = [...branch];
  const found = there.get(name);
  if (found !== undefined && found !== tip && !earlierTips.includes(found)) return [movedThere(name, found).message];
  return push(git, url, there, branch, signal).then(
    () => [],
    (error: Error) => [`${name}: ${error.message}`],
  );
}

/** Fetches the objects of these refs and moves no ref here. */
async function fetchRefs(git: Git, url: string, refs: readonly string[], signal: AbortSignal): Promise<void> {
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--refmap=', '--stdin'];
  await git.run(['fetch', ...flags, url], { input: `${refs.join('\n')}\n`, signal });
}

async function journalOf(git: Git, commit: string): Promise<Buffer> {
  const listed = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const line = listed.split('\0').find((each) => each.endsWith('/journal.jsonl')) ?? '';
  const [journal] = await readObjects(git, [/^\d+ blob (\w+)\t/.exec(line)?.[1] ?? '']);
  if (journal === undefined) throw new MirrorError('its journal cannot be read');
  return journal;
}

async function filesOf(git: Git, commit: string, folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const listed = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit, '--', folder]);
  const entries = listed
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => /^\d+ blob (\w+)\t(.*)$/s.exec(line) ?? []);
  const contents = await readObjects(
    git,
    entries.map(([, id = '']) => id),
  );
  return new Map(
    entries.flatMap(([, , path = ''], index): [string, Buffer][] => {
      const bytes = contents[index];
      return bytes === undefined ? [] : [[path.slice(folder.length), bytes]];
    }),
  );
}
