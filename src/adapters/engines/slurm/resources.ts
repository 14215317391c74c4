/**
 * What a job asks of the cluster, as options of `sbatch`.
 */
import type { Brief } from '../../../core/brief/brief.ts';

export type SlurmSettings = NonNullable<Brief['slurm']>;

/** Beyond a job's own limit: for its start, and for what the supervisor does at its end. Slurm counts whole minutes and is up to one late. */
const marginSeconds = 180;

/** The options; the time limit is the job's own with a margin, so that the supervisor ends it and not Slurm. */
export function resourcesOf(settings: SlurmSettings, limitSeconds: number): string[] {
  const { partition, account, qos, time, gpus, gres, cpus, mem, args = [] } = settings;
  const minutes = Math.ceil((time ?? limitSeconds + marginSeconds) / 60);
  const generic = gres ?? (gpus === undefined ? undefined : `gpu:${gpus}`);
  const named = { partition, account, qos, gres: generic, 'cpus-per-task': cpus, mem };
  const options = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  return ['--nodes=1', '--ntasks=1', `--time=${minutes}`, ...options, ...args];
}
