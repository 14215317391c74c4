/**
 * What a model and an agent are told of the machine that trains: the device, memory, processors, and the packages.
 */
import type { History } from '../journal/history.ts';
import type { Machine } from '../journal/machine.ts';
import { isolationOf } from '../views/isolation.ts';
import { oneLine } from './one-line.ts';

/** Missing packages that are named; beyond the first few a model would rather not have thought of them. */
const maxAbsent = 6;

/** A few sentences; empty for a study whose journal does not say. */
export function machineText({ machine, ...history }: Pick<History, 'machine' | 'isolation' | 'session'>): string {
  if (machine === undefined) return '';
  const lines = [`A run has ${devicesText(machine)}.`, packagesText(machine), reachText(history)];
  return `# The machine\n\n${lines.filter((line) => line !== '').join('\n')}`;
}

/** What code that is proposed cannot count on. */
function reachText(history: Pick<History, 'isolation' | 'session'>): string {
  const { tier, hasNetwork } = isolationOf({ ...history, open: undefined });
  if (tier === 'none') return '';
  const network = hasNetwork ? '' : ' It has no network: nothing can be downloaded.';
  return `It reads the sandbox, its data and what is installed, and writes to its own folders alone.${network}`;
}

function devicesText({ platform, cores, memoryMib, gpus, rocm }: Machine): string {
  const cpu = cores === undefined ? '' : `${cores} CPU ${cores === 1 ? 'core' : 'cores'}`;
  const memory = memoryMib === undefined ? '' : `${gib(memoryMib)} of RAM`;
  const what = [...gpuTexts(gpus, platform, rocm), cpu, memory, oneLine(platform, 40)];
  return what.filter((text) => text !== '').join(', ');
}

function gpuTexts(gpus: Machine['gpus'], platform: string, rocm: string | undefined): string[] {
  if (gpus === undefined || gpus.length === 0) {
    if (/^Darwin (?:arm64|aarch64)$/.test(platform)) return ["Apple's GPU (mps)"];
    return rocm === undefined ? ['no NVIDIA GPU that can be seen'] : [];
  }
  const texts = gpus.map(({ name, totalMib, freeMib, capability }) =>
    [
      oneLine(name, 60),
      totalMib === undefined ? '' : `with ${gib(totalMib)}`,
      freeMib === undefined ? '' : `(${gib(freeMib)} free)`,
      capability === undefined ? '' : `and compute capability ${capability}`,
    ]
      .filter((text) => text !== '')
      .join(' '),
  );
  const [first = ''] = texts;
  return [
    texts.every((text) => text === first) && texts.length > 1
      ? `${texts.length} GPUs: each ${first}`
      : `${texts.length === 1 ? 'a GPU' : `${texts.length} GPUs`}: ${texts.join('; ')}`,
  ];
}

function packagesText({ python, packages, absent, cuda, rocm }: Machine): string {
  const there = Object.entries(packages).map(([name, version]) => {
    const built =
      name !== 'torch' ? '' : cuda !== undefined ? ` (CUDA ${cuda})` : rocm !== undefined ? ` (ROCm ${rocm})` : '';
    return `${name}${version === '' ? '' : ` ${oneLine(version, 30)}`}${built}`;
  });
  const missing = absent.slice(0, maxAbsent).join(', ');
  return [
    `Python ${oneLine(python, 20)}${there.length === 0 ? '' : ` with ${there.join(', ')}`}.`,
    missing === '' ? '' : `Not installed, so that importing it fails: ${missing}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** GiB with one decimal below 10. */
function gib(mib: number): string {
  const value = mib / 1024;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} GiB`;
}
