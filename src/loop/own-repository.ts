/**
 * What another program did to the owner's repository while a run was in it: the study's own refs are to be where it left them, and
 * what git runs or reads as the owner is to be as it was.
 */
import { asLost, type RunResult } from '../core/journal/run.ts';
import { studyCommits } from '../core/journal/study-commits.ts';
import type { Study } from './study.ts';

/** The result, lost where a ref of the study was moved or deleted meanwhile: nothing is kept on a run that may have done so. */
export async function withUnmovedRefs(study: Study, result: RunResult): Promise<RunResult> {
  const moved = await requireUnmovedRefs(study).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (moved === undefined) return result;
  return asLost(result, `${moved}, perhaps the run itself`);
}

/** Throws a WorkspaceError that names the ref. */
export async function requireUnmovedRefs(study: Study): Promise<void> {
  const whole = study.whole();
  if (!whole.history.experiments[0]?.candidate) return;
  const others = new Map([...studyCommits(whole)].filter(([name]) => name !== 'tip'));
  await study.lab.workspace.requireUnmoved?.(whole.history.branch, whole.history.tip, others);
}

/** Says what git would run or read as the owner and is another than at the last look. The owner may have changed it: nothing is undone. */
export async function tellOfRepository({ lab }: Study): Promise<void> {
  const changed = (await lab.workspace.lookAround?.()) ?? [];
  if (changed.length === 0) return;
  const paths = changed.map((path) => `.git/${path}`).join(', ');
  const message = `${paths} ${changed.length === 1 ? 'is' : 'are'} not as before: git would run or read it as you. If it was not you, a run did that: look at it before you use git again. Nothing was undone.`;
  lab.emit({ event: 'warning-raised', message });
}
