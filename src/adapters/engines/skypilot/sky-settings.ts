/**
 * What `skypilot:` of a brief says, turned into what `sky` is asked for.
 */
import type { Brief } from '../../../core/brief/brief.ts';

export type SkySettings = NonNullable<Brief['skypilot']>;

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
