/**
 * How many jobs of one shape the nodes of a partition could start now, from what `scontrol` says of nodes, partitions and
 * the cluster's configuration.
 */
import type { SlurmSettings } from './resources.ts';

/** The answers of `scontrol -o -d show node`, `scontrol -o show partition` and `scontrol show config`. */
export interface Shown {
  readonly nodes: string;
  readonly partitions: string;
  readonly config: string;
}

/** What is known of the partition in which jobs of these settings run. */
export interface Partition {
  readonly name: string;
  /** Jobs that its nodes could start now. */
  readonly jobs: number;
}

type Fields = ReadonlyMap<string, string>;

/** Counts them; undefined where the partition that is asked for is not there, or there is no default. */
export function countJobs(settings: SlurmSettings, { nodes, partitions, config }: Shown): Partition | undefined {
  const all = recordsOf(partitions);
  const isAsked = (fields: Fields) =>
    settings.partition === undefined
      ? fields.get('Default') === 'YES'
      : settings.partition.split(',').includes(fields.get('PartitionName') ?? '');
  const asked = all.filter(isAsked);
  const [first] = asked;
  if (!first) return undefined;
  const cluster = settingsIn(config);
  const jobs = recordsOf(nodes).reduce((sum, node) => {
    const own = (node.get('Partitions') ?? '').split(',');
    const partition = asked.find((each) => own.includes(each.get('PartitionName') ?? ''));
    return partition && isFree(node) && partition.get('State') === 'UP'
      ? sum + jobsOn(node, settings, partition, cluster)
      : sum;
  }, 0);
  return { name: asked.map((each) => each.get('PartitionName')).join(','), jobs };
}

/** Flags behind a state that keep no job away. */
const harmless = new Set(['CLOUD', 'DYNAMIC_NORM', 'DYNAMIC_FUTURE']);

/** Whether a node takes jobs now: `IDLE` or `MIXED`, answering, and neither drained, reserved nor planned for others. */
function isFree(node: Fields): boolean {
  const [state = '', ...flags] = (node.get('State') ?? '').split('+');
  return (state === 'IDLE' || state === 'MIXED') && flags.every((flag) => harmless.has(flag));
}

function jobsOn(node: Fields, settings: SlurmSettings, partition: Fields, cluster: Fields): number {
  const { gpus, gres = gpus === undefined ? '' : `gpu:${gpus}`, cpus = 1 } = settings;
  const isWhole = partition.get('OverSubscribe') === 'EXCLUSIVE' || cluster.get('SelectType') === 'select/linear';
  const isUsed = numberOf(node, 'CPUAlloc') > 0;
  if (isWhole && isUsed) return 0;
  // A core's threads go to one job.
  const threads = Math.max(1, numberOf(node, 'ThreadsPerCore'));
  const wantedCpus = Math.ceil(cpus / threads) * threads;
  const cpusThere = numberOf(node, node.has('CPUEfctv') ? 'CPUEfctv' : 'CPUTot');
  const memory = numberOf(node, 'RealMemory');
  const wantedMemory = memoryOf(settings, memory, wantedCpus, partition, cluster);
  const shares = [
    Math.floor((cpusThere - numberOf(node, 'CPUAlloc')) / wantedCpus),
    ...(wantedMemory > 0 ? [Math.floor((memory - numberOf(node, 'AllocMem')) / wantedMemory)] : []),
    ...gresIn(gres).map(({ name, type, count }) => {
      const has = (text = '') =>
        gresIn(text)
          .filter((each) => each.name === name && (type === undefined || each.type === type))
          .reduce((sum, each) => sum + each.count, 0);
      return Math.floor((has(node.get('Gres')) - has(node.get('GresUsed'))) / Math.max(1, count));
    }),
  ];
  const most = Math.max(0, Math.min(...shares));
  return isWhole ? Math.min(1, most) : most;
}

/** MiB that a job takes of a node: none where memory is not dealt out, and all of it where nobody says how much. */
function memoryOf({ mem }: SlurmSettings, all: number, cpus: number, partition: Fields, cluster: Fields): number {
  const asked = mem === undefined ? undefined : mebibytes(mem);
  if (asked !== undefined) return asked === 0 ? all : asked;
  if (!/MEMORY/i.test(cluster.get('SelectTypeParameters') ?? '')) return 0;
  for (const from of [partition, cluster]) {
    const perCpu = Number(from.get('DefMemPerCPU'));
    if (perCpu > 0) return perCpu * cpus;
    const perNode = Number(from.get('DefMemPerNode'));
    if (perNode > 0) return perNode;
  }
  return all;
}

const units: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 };

/** Of `16G`; Slurm's unit is the mebibyte. */
function mebibytes(text: string): number | undefined {
  const [, number, unit = 'M'] = /^(\d+(?:\.\d+)?)([KMGT])?B?$/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit.toUpperCase()] ?? 1);
}

interface Gres {
  readonly name: string;
  readonly type: string | undefined;
  readonly count: number;
}

/** Of `gpu:a100:4(S:0-1),shard:2`, also with `(IDX:0)` behind. */
function gresIn(text: string): readonly Gres[] {
  const plain = text.replace(/\([^)]*\)/g, '');
  return plain.split(',').flatMap((part) => {
    const [name = '', ...rest] = part.split(':');
    if (name === '') return [];
    const last = rest.at(-1) ?? '';
    const isCounted = /^\d+$/.test(last);
    const type = rest.length > (isCounted ? 1 : 0) ? rest[0] : undefined;
    return [{ name, type, count: isCounted ? Number(last) : 1 }];
  });
}

function numberOf(fields: Fields, name: string): number {
  const value = Number(fields.get(name));
  return Number.isFinite(value) ? value : 0;
}

/** A record of `Key=value` pairs a line; of a value with spaces its first word. */
function recordsOf(text: string): readonly Fields[] {
  return text
    .split('\n')
    .filter((line) => line.includes('='))
    .map((line) => new Map([...line.matchAll(/(?:^|\s)(\w+)=(\S*)/g)].map(([, key = '', value = '']) => [key, value])));
}

/** The lines `Key  = value` of the configuration. */
function settingsIn(text: string): Fields {
  return new Map([...text.matchAll(/^(\w+)\s*=\s*(\S*)/gm)].map(([, key = '', value = '']) => [key, value]));
}
