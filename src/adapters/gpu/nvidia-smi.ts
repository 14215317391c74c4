/**
 * Asks nvidia-smi for the GPUs that runs may use.
 *
 * Its exit codes, from its manual: 2 a bad argument, 3 not available on this device, 4 no permission, 6 not found, 8 no
 * power, 9 no driver, 12 no NVML library, 15 fallen off the bus, 18 or 255 others. The first three say that the question
 * cannot be asked here; any other failure says that a GPU that answered before does not answer now.
 */
import { plainText } from '../../core/base/plain-text.ts';
import { parseStrictNumber } from '../../core/base/strict-number.ts';
import type { Machine } from '../../core/journal/machine.ts';
import type { GpuState } from '../../core/run/gpu-trouble.ts';
import { type Asking, askDriver } from './ask-driver.ts';

const cannotAsk: ReadonlySet<number | undefined> = new Set([2, 3, 4]);
/** What it prints, with or without an exit code, when a GPU is gone. */
const gone =
  /Unable to determine the device handle.*|No devices were found|NVIDIA-SMI has failed.*|Failed to initialize NVML.*|.*GPU is lost.*|.*fallen off the bus.*|.*Unknown Error.*/i;

export interface LookOptions {
  readonly limitMilliseconds?: number;
  /** Whether a process is no other: what it holds is then not in use. */
  readonly isOwn?: (pid: number) => boolean;
}

/**
 * One look, restricted to the GPUs of CUDA_VISIBLE_DEVICES. A GPU that hangs its driver never answers: that is lost too, also
 * when the signal ends the wait.
 */
export async function lookAtGpus(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  { limitMilliseconds = 20_000, isOwn = () => false }: LookOptions = {},
): Promise<GpuState> {
  const asking = { environment, signal, limitMilliseconds };
  const select = selectionOf(environment);
  if (!select) return { kind: 'unseen' };
  const memory = await ask([...select, '--query-gpu=memory.used,memory.total'], asking);
  if (memory.kind !== 'said') return memory;
  const apps = await ask([...select, '--query-compute-apps=pid,used_memory'], asking);
  const rows = memory.lines.map((line) => line.split(','));
  const holders = apps.kind === 'said' ? apps.lines.map((line) => line.split(',').map(numberIn)) : [];
  const [own, others] = [holders.filter(([pid = 0]) => isOwn(pid)), holders.filter(([pid = 0]) => !isOwn(pid))];
  const ownMib = own.reduce((sum, [, mib = 0]) => sum + mib, 0);
  const compute = others.map(([, mib]) => mib);
  return {
    kind: 'seen',
    gpus: rows.length,
    ...sumOf('usedMib', [...rows.map(([used]) => numberIn(used)), -ownMib]),
    ...sumOf(
      'totalMib',
      rows.map(([, total]) => numberIn(total)),
    ),
    ...(apps.kind === 'said' ? sumOf('computeMib', compute) : {}),
  };
}

/**
 * The GPUs that runs may use, by name; undefined where nothing can be said. Older drivers do not know the compute capability,
 * and are asked again without it.
 */
export async function listGpus(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  limitMilliseconds = 20_000,
): Promise<Machine['gpus']> {
  const asking = { environment, signal, limitMilliseconds };
  const select = selectionOf(environment);
  if (!select) return [];
  const fields = 'name,memory.total,memory.free';
  const whole = await ask([...select, `--query-gpu=${fields},compute_cap`], asking);
  const answer = whole.kind === 'unseen' ? await ask([...select, `--query-gpu=${fields}`], asking) : whole;
  return answer.kind === 'said' ? answer.lines.map(readGpu) : undefined;
}

function readGpu(line: string): NonNullable<Machine['gpus']>[number] {
  const [name = '', total, free, capability = ''] = line.split(',').map((cell) => cell.trim());
  const [totalMib, freeMib] = [numberIn(total), numberIn(free)];
  return {
    name: name.slice(0, 80),
    ...(totalMib === undefined ? {} : { totalMib }),
    ...(freeMib === undefined ? {} : { freeMib }),
    ...(/^\d{1,2}\.\d{1,2}$/.test(capability) ? { capability } : {}),
  };
}

/** The arguments that choose the GPUs of CUDA_VISIBLE_DEVICES; undefined where it hides all. */
function selectionOf({ CUDA_VISIBLE_DEVICES: visible }: Asking['environment']): readonly string[] | undefined {
  if (visible === '' || visible === '-1') return undefined;
  return visible === undefined ? [] : ['-i', visible];
}

type Answer = Exclude<GpuState, { kind: 'seen' }> | { readonly kind: 'said'; readonly lines: readonly string[] };

async function ask(query: readonly string[], asking: Asking): Promise<Answer> {
  const ended = await askDriver('nvidia-smi', [...query, '--format=csv,noheader,nounits'], asking);
  if (!ended) {
    const { signal, limitMilliseconds } = asking;
    const within = signal?.aborted ? 'before the study was stopped' : `within ${limitMilliseconds / 1000} s`;
    return { kind: 'lost', reason: `nvidia-smi did not answer ${within}` };
  }
  const { stdout, stderr, failed, exitCode, code } = ended;
  if (code === 'ENOENT' || code === 'EACCES' || cannotAsk.has(exitCode)) return { kind: 'unseen' };
  const said = plainText(`${stdout}\n${stderr}`);
  const reason = gone.exec(said)?.[0].trim() ?? '';
  if (!failed && reason === '') return { kind: 'said', lines: stdout.split('\n').filter((line) => line.includes(',')) };
  const first = said.split('\n').find((line) => line.trim() !== '');
  return { kind: 'lost', reason: `nvidia-smi: ${(reason || first?.trim() || `exit code ${exitCode}`).slice(0, 200)}` };
}

/** `[N/A]` and `[Insufficient Permissions]` are no numbers. */
function numberIn(text = ''): number | undefined {
  return parseStrictNumber(text.trim())?.value;
}

/** The sum, where every term is known. */
function sumOf<Name extends string>(name: Name, terms: readonly (number | undefined)[]): { [Key in Name]?: number } {
  if (terms.includes(undefined)) return {};
  const sum = { [name]: terms.reduce<number>((total, term) => total + (term ?? 0), 0) };
  return sum as { [Key in Name]?: number };
}
