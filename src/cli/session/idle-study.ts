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
    const supervisors = await findSupervisors(studyFolder);
    if (supervisors.length > 0) throw busy(tag, supervisors);
    return await change();
  } finally {
    await lock.release();
  }
}

function busy(tag: string, supervisors: readonly number[]): SettingsError {
  const [runs, them] = supervisors.length === 1 ? ['A run', 'it'] : [`${supervisors.length} runs`, 'them'];
  const are = supervisors.length === 1 ? 'is' : 'are';
  return new SettingsError(`${runs} of study ${tag} ${are} still going, although no controller works on the study.`, {
    hint: `Take ${them} up with \`nocturne run --tag ${tag}\`, or end ${them}: kill ${supervisors.join(' ')}`,
  });
}
