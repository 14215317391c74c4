/**
 * Changes a study that nothing works on: no controller, and no run that a killed controller left behind.
 */
import { findSupervisors } from '../../adapters/engines/find-supervisors.ts';
import { takeRunLock } from '../../adapters/run-lock.ts';
import { SettingsError } from '../../core/base/errors.ts';

/** Does `change` under the study's lock. Throws a SettingsError that names the process when one works on the study. */
export async function withIdleStudy<Result>(
  studyFolder: string,
  tag: string,
  change: () => Promise<Result>,
): Promise<Result> {
  const lock = await takeRunLock(studyFolder, tag, () => new Date().toISOString());
  try {
    const [supervisor] = await findSupervisors(studyFolder);
    if (supervisor !== undefined) throw busy(tag, supervisor);
    return await change();
  } finally {
    await lock.release();
  }
}

function busy(tag: string, supervisor: number): SettingsError {
  return new SettingsError(`A run of study ${tag} is still going, although no controller works on the study.`, {
    hint: `Take it up with \`nocturne run --tag ${tag}\`, or end it: kill ${supervisor}`,
  });
}
