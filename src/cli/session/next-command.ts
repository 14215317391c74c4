/**
 * The command that starts a study of the brief that `nocturne init` wrote, as it is typed where the owner stands.
 */
import { basename, join } from 'node:path';
import type { Project } from '../../adapters/project/list-project.ts';
import { asTyped } from '../terminal/as-typed.ts';
import { quoted } from '../terminal/quoted.ts';
import { isUntracked, type Look } from './look-at-project.ts';

/** All that must be typed: git's commands first, where no commit has what a run needs. */
export function nextCommand(dir: string, project: Project, look: Look, python: string | undefined): string {
  const { isRepository, head, changed, root } = project;
  const fresh = [
    ...look.setup.commit,
    ...(isUntracked(look.entry, project) ? [join(project.prefix, look.entry.script)] : []),
  ];
  const add = `git add ${[...new Set(fresh)].map((path) => quoted(`:/${path}`)).join(' ')}`;
  const steps = [
    ...(dir === '.' ? [] : [`cd ${quoted(dir)}`]),
    ...(isRepository ? [] : ['git init']),
    ...(head === undefined ? [`git add -A && git commit -m ${quoted(`start ${basename(root)}`)}`] : []),
    ...(fresh.length > 0 && head !== undefined ? [add] : []),
  ];
  const isAsItIs = head !== undefined && (changed.length > 0 || fresh.length > 0);
  const flags = `${isAsItIs ? ' --from worktree' : ''}${python === undefined ? '' : ` --python ${quoted(python)}`}`;
  return [...steps, asTyped(`nocturne run${flags}`, project.folder)].join(' && ');
}
