/**
 * What `ray:` of a brief says, turned into what Ray is asked for.
 */
import type { NodeResources } from './ray-api.ts';

/** Settings of the engine; `core/journal/settings/engine-settings.ts` has their schema. */
export interface RaySettings {
  /** The dashboard of the cluster's head. */
  readonly address?: string | undefined;
  /** Cores that are reserved for each run (default 1). */
  readonly cpus?: number | undefined;
  /** GPUs that are reserved for each run; a part of one such as 0.5 is a share. Without one, runs see no GPU. */
  readonly gpus?: number | undefined;
  /** Bytes of memory that are reserved for each run. */
  readonly memory?: number | undefined;
  /** Resources of the cluster's own names. */
  readonly resources?: Readonly<Record<string, number>> | undefined;
  /** The python of the runs on the nodes (default `python3`). */
  readonly python?: string | undefined;
  /** A folder on the nodes for jobs and data (default: among the temporary files). */
  readonly folder?: string | undefined;
  /** Ray's own `runtime_env`, such as `{ pip: [torch] }`, without `working_dir` and `py_modules`. */
  readonly runtime_env?: Readonly<Record<string, unknown>> | undefined;
}

/** What each run reserves, as Ray names it. */
export function reservationOf({ cpus = 1, gpus = 0, memory, resources }: RaySettings) {
  return {
    entrypoint_num_cpus: cpus,
    entrypoint_num_gpus: gpus,
    ...(memory === undefined ? {} : { entrypoint_memory: memory }),
    ...(resources === undefined ? {} : { entrypoint_resources: resources }),
  };
}

/** Why no node that is up could ever run a job of these settings, or undefined; a cluster that grows may have one later. */
export function whyNoRoom(settings: RaySettings, nodes: readonly NodeResources[]): string | undefined {
  const { cpus = 1, gpus = 0, memory = 0, resources = {} } = settings;
  const wanted = { CPU: cpus, GPU: gpus, memory, ...resources };
  const lacking = Object.entries(wanted).filter(
    ([name, amount]) => amount > 0 && !nodes.some((node) => (node[name] ?? 0) >= amount),
  );
  if (lacking.length > 0) return `no node has ${lacking.map(([name, amount]) => `${amount} ${name}`).join(' and ')}`;
  const fits = (node: NodeResources) => Object.entries(wanted).every(([name, amount]) => (node[name] ?? 0) >= amount);
  return nodes.some(fits) ? undefined : 'no node has all that a run reserves at once';
}

/** GPUs that the cluster has and runs without a reservation do not see. */
export function unusedGpus({ gpus = 0 }: RaySettings, nodes: readonly NodeResources[]): number {
  return gpus > 0 ? 0 : nodes.reduce((sum, node) => sum + (node.GPU ?? 0), 0);
}

/** Where the dashboard is, from the settings or the variables that Ray's own tools read. */
export function addressOf(settings: RaySettings, environment: Readonly<Record<string, string | undefined>>): string {
  const named = [settings.address, environment.RAY_API_SERVER_ADDRESS, environment.RAY_ADDRESS];
  return named.find((address) => address !== undefined && /^https?:\/\//.test(address)) ?? 'http://127.0.0.1:8265';
}
