/**
 * What `skypilot:` of a brief says, turned into what `sky` is asked for.
 */

/** Settings of the engine; `core/journal/settings/engine-settings.ts` has their schema. */
export interface SkySettings {
  /** Where, as sky writes it: `aws`, `gcp/us-central1`, `k8s/my-context`. */
  readonly infra?: string | undefined;
  /** GPUs of the machine, `A100` or `A100:8`. */
  readonly gpus?: string | undefined;
  readonly instance?: string | undefined;
  /** Cores and memory (GB) of the machine as sky writes them: `4`, `4+`. */
  readonly cpus?: string | undefined;
  readonly memory?: string | undefined;
  /** GB. */
  readonly disk?: number | undefined;
  readonly image?: string | undefined;
  readonly spot?: boolean | undefined;
  /** Shell commands that make the machine ready, once for each machine: `pip install torch`. */
  readonly setup?: string | undefined;
  /** The python there (default `python3`). */
  readonly python?: string | undefined;
  /** Idle minutes after which the machine deletes itself (default 10). */
  readonly idle?: number | undefined;
  /** US dollars per hour that may be paid; without it, the price that was shown. */
  readonly max_usd?: number | undefined;
  /** Whether the owner agrees to the price without being asked. */
  readonly consent?: boolean | undefined;
}

/** Idle minutes after which a machine deletes itself, whatever became of us. */
export const idleMinutes = 10;

/** The most that may be paid an hour where this price was shown: sky prints it rounded to cents, and holds the true one against the bound. */
export function boundOf(shownUsd: number): number {
  return (Math.round(shownUsd * 100) + 0.5) / 100;
}

/** The task file of a machine without a job, as text; JSON is YAML. */
export function taskOf(settings: SkySettings, maxUsd: number | undefined): string {
  const { infra, gpus, instance, cpus, memory, disk, image, spot, setup } = settings;
  const resources = {
    infra,
    accelerators: gpus,
    instance_type: instance,
    cpus,
    memory,
    disk_size: disk,
    image_id: image,
    use_spot: spot,
    max_hourly_cost: maxUsd,
  };
  return JSON.stringify({ resources, setup });
}

/** The GPUs that one job takes of the machine's, `A100:1`; undefined where that has none. */
export function gpusOfJob({ gpus }: SkySettings, each: number): string | undefined {
  return gpus === undefined ? undefined : `${gpus.split(':')[0]}:${each}`;
}
