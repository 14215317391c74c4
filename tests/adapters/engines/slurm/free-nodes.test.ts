import { describe, expect, it } from 'vitest';
import { countJobs } from '../../../../src/adapters/engines/slurm/free-nodes.ts';
import type { SlurmSettings } from '../../../../src/adapters/engines/slurm/resources.ts';

interface NodeGiven {
  readonly state?: string;
  readonly cpus?: number;
  readonly used?: number;
  readonly threads?: number;
  readonly memory?: number;
  readonly allocated?: number;
  readonly gres?: string;
  readonly gresUsed?: string;
  readonly partitions?: string;
}

/** As Slurm 22.05 prints one with `scontrol -o -d show node`. */
function node(given: NodeGiven = {}): string {
  const { state = 'IDLE', cpus = 8, used = 0, threads = 1, memory = 32_000, allocated = 0 } = given;
  const { gres = '(null)', gresUsed = '', partitions = 'debug' } = given;
  return `NodeName=n1 Arch=x86_64 CoresPerSocket=4 CPUAlloc=${used} CPUEfctv=${cpus} CPUTot=${cpus} CPULoad=1.2 AvailableFeatures=(null) Gres=${gres} GresDrain=N/A GresUsed=${gresUsed} NodeAddr=n1 OS=Linux 6.1.0 #1 SMP RealMemory=${memory} AllocMem=${allocated} State=${state} ThreadsPerCore=${threads} Partitions=${partitions} Reason=not in use [root@2026-11-29T10:00:00]`;
}

const partitions = (more = '') =>
  `PartitionName=debug Default=YES OverSubscribe=NO State=UP ${more}\nPartitionName=gpu Default=NO OverSubscribe=EXCLUSIVE State=UP`;

const cores =
  'SelectType              = select/cons_tres\nSelectTypeParameters    = CR_CORE\nDefMemPerNode = UNLIMITED\n';
const memories = cores.replace('CR_CORE', 'CR_CORE_MEMORY');

function jobs(settings: SlurmSettings, nodes: readonly string[], { config = cores, of = partitions() } = {}) {
  return countJobs(settings, { nodes: nodes.join('\n'), partitions: of, config })?.jobs;
}

describe('the jobs that a partition could start now', () => {
  it.each<[string, SlurmSettings, NodeGiven[], number]>([
    ['a core each', {}, [{}], 8],
    ['what others use is not free', {}, [{ used: 5, state: 'MIXED' }], 3],
    ['several nodes', { cpus: 3 }, [{}, { cpus: 4 }], 3],
    ['a core of two threads goes to one job', { cpus: 1 }, [{ threads: 2 }], 4],
    ['GPUs', { gpus: 1 }, [{ gres: 'gpu:4', gresUsed: 'gpu:1(IDX:0)' }], 3],
    ['GPUs with a type', { gpus: 2 }, [{ gres: 'gpu:a100:4(S:0-1)', gresUsed: 'gpu:a100:1(IDX:2)' }], 1],
    [
      'GPUs of one type',
      { gres: 'gpu:a100:1' },
      [{ gres: 'gpu:a100:2,gpu:v100:4', gresUsed: 'gpu:a100:0,gpu:v100:0' }],
      2,
    ],
    ['GPUs where there are none', { gpus: 1 }, [{}], 0],
    ['cores bound GPUs', { gpus: 1, cpus: 4 }, [{ gres: 'gpu:8' }], 2],
    ['memory', { mem: '10G' }, [{ allocated: 1000 }], 3],
    ['all of the memory', { mem: '0' }, [{}, { allocated: 1 }], 1],
    ['nodes of another partition', {}, [{ partitions: 'gpu,long' }], 0],
  ])('%s', (_, settings, nodes, count) => {
    expect(jobs(settings, nodes.map(node))).toBe(count);
  });

  it.each([
    'DOWN',
    'ALLOCATED',
    'IDLE+DRAIN',
    'IDLE*+DRAIN',
    'MIXED+PLANNED',
    'IDLE+RESERVED',
    'IDLE+NOT_RESPONDING',
    'IDLE+CLOUD+POWERED_DOWN',
  ])('none are on a node that is %s', (state) => {
    expect(jobs({}, [node({ state })])).toBe(0);
  });

  it('share the memory of a node by what jobs get where they ask for none', () => {
    expect(jobs({ cpus: 2 }, [node()], { config: memories, of: partitions('DefMemPerCPU=8000') })).toBe(2);
    expect(jobs({}, [node()], { config: memories.replace('UNLIMITED', '16000') })).toBe(2);
    expect(jobs({}, [node()], { config: memories })).toBe(1);
  });

  it('have a whole node each where the partition or the cluster says so', () => {
    const nodes = [node({ partitions: 'gpu' }), node({ partitions: 'gpu', used: 1, state: 'MIXED' })];
    expect(jobs({ partition: 'gpu' }, nodes)).toBe(1);
    expect(jobs({}, [node(), node()], { config: cores.replace('cons_tres', 'linear') })).toBe(2);
  });

  it('are unknown in a partition that is not there, and none in one that is closed', () => {
    expect(jobs({ partition: 'nowhere' }, [node()])).toBeUndefined();
    expect(jobs({}, [node()], { of: partitions().replace('State=UP', 'State=DOWN') })).toBe(0);
  });
});
