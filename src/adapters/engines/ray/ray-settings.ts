/**
 * What `ray:` of a brief says, turned into what Ray is asked for.
 */
import type { Brief } from '../../../core/brief/brief.ts';
import type { NodeResources } from './node-usage.ts';

export type RaySettings = NonNullable<Brief['ray']>;

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
  const wanted = wantedBy(settings);
  const lacking = Object.entries(wanted).filter(
    ([name, amount]) => amount > 0 && !nodes.some((node) => (node[name] ?? 0) >= amount),
  );
  if (lacking.length > 0) return `no node has ${lacking.map(([name, amount]) => `${amount} ${name}`).join(' and ')}`;
  const fits = (node: NodeResources) => Object.entries(wanted).every(([name, amount]) => (node[name] ?? 0) >= amount);
  return nodes.some(fits) ? undefined : 'no node has all that a run reserves at once';
}

function wantedBy({ cpus = 1, gpus = 0, memory = 0, resources = {} }: RaySettings): NodeResources {
  return { CPU: cpus, GPU: gpus, memory, ...resources };
}

/** How many jobs of these settings fit on nodes with so much free. */
export function jobsThatFit(settings: RaySettings, free: readonly NodeResources[]): number {
  const wanted = Object.entries(wantedBy(settings)).filter(([, amount]) => amount > 0);
  // Ten halves of a GPU are five, though sums of halves of other kinds may not be whole to the last digit.
  const times = (node: NodeResources) =>
    Math.min(maxOnNode, ...wanted.map(([name, amount]) => Math.floor((node[name] ?? 0) / amount + 1e-6)));
  return free.reduce((sum, node) => sum + Math.max(0, times(node)), 0);
}

/** Of jobs that reserve nothing. */
const maxOnNode = 1000;

/** GPUs that the cluster has and runs without a reservation do not see. */
export function unusedGpus({ gpus = 0 }: RaySettings, nodes: readonly NodeResources[]): number {
  return gpus > 0 ? 0 : nodes.reduce((sum, node) => sum + (node.GPU ?? 0), 0);
}

/** Where the dashboard is, from the settings or the variables that Ray's own tools read. */
export function addressOf(settings: RaySettings, environment: Readonly<Record<string, string | undefined>>): string {
  const named = [settings.address, environment.RAY_API_SERVER_ADDRESS, environment.RAY_ADDRESS];
  return named.find((address) => address !== undefined && /^https?:\/\//.test(address)) ?? 'http://127.0.0.1:8265';
}
