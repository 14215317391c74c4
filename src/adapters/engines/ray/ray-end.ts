/**
 * What a job that Ray calls ended came to: its supervisor's result where that came home, else what Ray says, as no verdict on the
 * candidate.
 */
import { SettingsError } from '../../../core/base/errors.ts';
import type { Job, JobState } from '../../../ports/engine.ts';
import { lost, lostByMachine } from '../job-states.ts';
import type { Followed } from './follow-job.ts';
import type { RayJobInfo } from './ray-api.ts';

/** How to go on: a state of the job, or another submission of it under a new id, and why. */
export type Conclusion = JobState | { readonly kind: 'again'; readonly why: string };

/** The exit code of a shell that does not find its command. */
const notFound = 127;
/** How often a job is submitted anew before its trouble counts as the owner's to mend. */
const attempts = 3;

/** Throws a `SettingsError` for what the owner can mend; nothing of the job has run then. */
export function concludeWithoutResult(
  job: Job,
  info: RayJobInfo,
  { failed }: Pick<Followed, 'failed'>,
  attempt: number,
): Conclusion {
  const said = lastLine(failed ?? info.message ?? '');
  if (info.error_type === 'JOB_SUPERVISOR_ACTOR_START_TIMEOUT') {
    return { kind: 'again', why: 'it waited longer in the queue of Ray than the cluster lets jobs wait' };
  }
  if (info.error_type === 'RUNTIME_ENV_SETUP_FAILURE') {
    if (attempt < attempts) return { kind: 'again', why: `Ray could not set up what it needs there: ${said}` };
    throw new SettingsError(`Ray cannot set up run ${job.id} on a node: ${said}`, {
      hint: 'Look at `runtime_env` of `ray:` in the brief, and at the page of the job in the dashboard of the cluster.',
    });
  }
  if (info.driver_exit_code === notFound) {
    throw new SettingsError(`The python of run ${job.id} is not there on the node of the Ray cluster: ${said}`, {
      hint: 'Name one that is, such as `ray: { python: /opt/conda/bin/python }`.',
    });
  }
  if (info.status === 'STOPPED') return lostByMachine('somebody stopped it on the Ray cluster');
  if (failed !== undefined) return lost(`it could not be run on its node: ${said}`);
  if (/\bnode (?:has died|was terminated)/.test(info.message ?? '')) {
    return lostByMachine(`its node of the Ray cluster died: ${deathOf(info)}`);
  }
  if (info.error_type === 'JOB_SUPERVISOR_ACTOR_DIED') {
    return lost(`its worker of the Ray cluster died: ${deathOf(info)}`);
  }
  if (info.status === 'SUCCEEDED') return lostByMachine('it ended, but its node is gone, and with it what it left');
  return lost(`Ray ended it: ${said}`);
}

/** The sentence of Ray's report that says how. */
function deathOf({ message }: RayJobInfo): string {
  const lines = (message ?? '').split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^The actor(?:'s node)? (?:died because|was)|its node has died/.test(line)) ??
    lastLine(message ?? '')
  );
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.findLast((line) => line !== '') ?? 'it does not say why').slice(0, 300);
}
