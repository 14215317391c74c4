/**
 * Whether a run ended as it did because of its GPU, which fell off the bus or which another process filled.
 *
 * A log is what the script says, so it alone excuses no candidate: what nvidia-smi says decides. Where that finds the GPU
 * healthy, a run whose log speaks of a lost GPU is repeated as a lost run is, and the third counts as a failure.
 */
import { plainText } from '../base/plain-text.ts';
import { parseStrictNumber } from '../base/strict-number.ts';
import type { GpuPause, GpuTrouble } from '../journal/gpu-trouble.ts';
import { countedRuns, experimentOf, type History, type RunRecord } from '../journal/history.ts';
import type { RunResult } from '../journal/run.ts';
import { medianOf, usualConditions } from './contention.ts';

/** The GPUs that runs may use as a probe sees them, while no run is on them. */
export type GpuState =
  /** Nothing can be said: there is no tool to ask, or it does not know the question. */
  | { readonly kind: 'unseen' }
  /** The tool failed, or says that a GPU is gone; why, in its own words. */
  | { readonly kind: 'lost'; readonly reason: string }
  | {
      readonly kind: 'seen';
      readonly gpus: number;
      /** Memory in use on all of them together, MiB; absent where it may not be known. */
      readonly usedMib?: number;
      readonly totalMib?: number;
      /** Of that, what processes that compute hold. */
      readonly computeMib?: number;
    };

/** How much more than usual others may hold, MiB and as a share of all: a desktop and a notebook come and go. */
const slackMib = 512;
const slackShare = 0.03;
const readCharacters = 20_000;

/** What PyTorch, JAX, TensorFlow and the driver print when a GPU is gone, or has been reset under a process. */
const lostTexts = [
  /fallen off the bus/i,
  /GPU is lost/i,
  /CUDA(?: runtime| driver)? error:? ?(?:device lost|unspecified launch failure|unknown error|the launch timed out|uncorrectable ECC|hardware stack error|device not ready|system not yet initialized|system has unsupported|all CUDA-capable devices are busy|no CUDA-capable device)/i,
  /CUDA unknown error|CUDA driver initialization failed|cuda runtime error \((?:4|30|46|100|214|999)\)/i,
  /CUDA_ERROR_(?:UNKNOWN|NO_DEVICE|NOT_INITIALIZED|SYSTEM_NOT_READY|SYSTEM_DRIVER_MISMATCH|ECC_UNCORRECTABLE|LAUNCH_FAILED|DEVICE_UNAVAILABLE)/,
  /no CUDA-capable device|No CUDA GPUs are available|Found no NVIDIA driver|no GPU\/TPU found/i,
  /NVML(?:_ERROR|Error)|Failed to initialize NVML|NVIDIA-SMI has failed|Unable to determine the device handle/,
  /\bXid\b[^\n]{0,40}\b\d{1,3}\b/,
] as const;
const memoryText = /CUDA out of memory|CUDA error: out of memory|CUDA_ERROR_OUT_OF_MEMORY|CUBLAS_STATUS_ALLOC_FAILED/;
const otherProcess = /Process \d+ has ([\d.]+) (MiB|GiB) memory in use/g;

/** The line of a log that speaks of a lost GPU; undefined when none does. */
export function lostGpuLine(log: string): string | undefined {
  const lines = plainText(log.slice(-readCharacters)).split('\n');
  const line = lines.findLast((each) => lostTexts.some((text) => text.test(each)));
  return line?.trim().slice(0, 200);
}

/**
 * Whether it is worth asking for the GPU's state after this run: the study had a GPU, and the run failed on it or, in a
 * study that computes on it, ran without seeing one.
 */
export function mayBeGpuTrouble(history: History, experiment: number, result: RunResult, log: string): boolean {
  if (!hasAnswered(result) && !runsNear(history, experiment).some((run) => hasAnswered(run.result))) return false;
  const isUsed = usesGpu(history);
  const { gpus = 0 } = result.conditions ?? {};
  if (result.measurement) return isUsed && gpus < mostGpus(history, experiment);
  if (!failures.has(result.outcome)) return false;
  return isUsed || lostGpuLine(log) !== undefined || memoryText.test(log);
}

const failures: ReadonlySet<string> = new Set(['finished', 'crashed', 'out-of-memory', 'timed-out', 'stalled']);

/** What the GPU did to this run, given its state right afterwards; undefined when nothing is known against it. */
export function gpuTroubleOf(
  history: History,
  experiment: number,
  result: RunResult,
  log: string,
  state: GpuState,
): GpuTrouble | undefined {
  const gone = goneText(history, experiment, state, result.conditions?.gpus);
  if (gone !== undefined) return { kind: 'lost', reason: gone, isSeen: true };
  if (result.measurement || state.kind !== 'seen') return undefined;
  if (memoryText.test(log)) return filledTrouble(history, log, state);
  const line = lostGpuLine(log);
  if (line === undefined) return undefined;
  return { kind: 'lost', reason: `its log says so, and nvidia-smi finds the GPU healthy: ${line}`, isSeen: false };
}

/** Why the GPU cannot be used yet; undefined once it can be, or when nothing can be said of it. */
export function stillAway(
  history: History,
  { kind, experiment }: Pick<GpuPause, 'kind' | 'experiment'>,
  state: GpuState,
): string | undefined {
  const gone = goneText(history, experiment, state);
  if (gone !== undefined) return gone;
  return state.kind === 'seen' && kind === 'filled' ? filledText(history, state) : undefined;
}

/** Others' memory beyond what is usual in this study, in words; undefined while that is little. */
function filledText(history: History, { usedMib, computeMib, totalMib = 0 }: GpuState & { kind: 'seen' }) {
  const usual = medianOf(usualConditions(history), 'gpuUsedMib');
  const slack = Math.max(slackMib, slackShare * totalMib);
  // Without an earlier figure a desktop's own memory is not known, so only what computes counts.
  const held = usual === undefined ? computeMib : (usedMib ?? computeMib);
  if (held === undefined || held - (usual ?? 0) <= slack) return undefined;
  const beyond = usual === undefined || usual === 0 ? '' : `, ${Math.round(usual)} MiB is usual`;
  return `other processes hold ${Math.round(held)} MiB of its ${Math.round(totalMib)} MiB${beyond}`;
}

function goneText(history: History, experiment: number, state: GpuState, own = 0): string | undefined {
  if (state.kind === 'lost') return state.reason;
  if (state.kind === 'unseen') return undefined;
  const before = Math.max(own, mostGpus(history, experiment));
  return state.gpus < before ? `nvidia-smi shows ${state.gpus} of ${before} GPUs` : undefined;
}

function filledTrouble(history: History, log: string, state: GpuState & { kind: 'seen' }): GpuTrouble | undefined {
  const seen = filledText(history, state);
  if (seen !== undefined) return { kind: 'filled', reason: seen, isSeen: true };
  const said = filledText(history, { ...state, usedMib: saidMib(log), computeMib: saidMib(log) });
  if (said === undefined) return undefined;
  return { kind: 'filled', reason: `its log says that ${said}, and nvidia-smi does not see them`, isSeen: false };
}

/** What PyTorch says that other processes hold, as in `Process 4711 has 20.10 GiB memory in use`. */
function saidMib(log: string): number {
  const claims = [...log.slice(-readCharacters).matchAll(otherProcess)];
  const mibOf = (amount: string, unit: string) => (parseStrictNumber(amount)?.value ?? 0) * (unit === 'GiB' ? 1024 : 1);
  return claims.reduce((sum, [, amount = '', unit = '']) => sum + mibOf(amount, unit), 0);
}

/**
 * Whether nvidia-smi answered during a run. The number of its GPUs may come from CUDA_VISIBLE_DEVICES alone, which can name
 * what nvidia-smi does not know, such as a slice of a GPU (MIG): then its failure says nothing later on either.
 */
function hasAnswered(result: RunResult | undefined): boolean {
  const { gpuMhz, gpuThrottledShare, gpuUsedMib } = result?.conditions ?? {};
  return [gpuMhz, gpuThrottledShare, gpuUsedMib].some((figure) => figure !== undefined);
}

/** All runs of baseline, incumbent and this experiment. */
function runsNear(history: History, experiment: number): RunRecord[] {
  return [0, history.incumbent, experiment].flatMap((number) => [...experimentOf(history, number).runs]);
}

/** The most GPUs that one of these runs saw in this session: the study may go on where there are fewer. */
function mostGpus(history: History, experiment: number): number {
  const runs = runsNear(history, experiment).filter(({ startedSeq }) => startedSeq > history.sessionSeq);
  return Math.max(0, ...runs.map(({ result }) => result?.conditions?.gpus ?? 0));
}

/** Whether baseline or incumbent computed on a GPU: it was busy while they trained. */
function usesGpu(history: History): boolean {
  const isBusy = (run: RunRecord) => run.result?.conditions?.gpuMhz !== undefined;
  return [0, history.incumbent].some((number) => countedRuns(experimentOf(history, number)).some(isBusy));
}
