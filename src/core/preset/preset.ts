/**
 * How large a model a device can train within a budget: from its measured speed and memory, not from its name.
 *
 * Compute C = speed x reached share x budget buys N weights on D tokens at six operations for each weight and token
 * (Kaplan et al. 2020). For a fixed C a model does best at a fixed D / N (Hoffmann et al. 2022), so N = sqrt(C / (6
 * D/N)).
 */

/** What a training would run on. */
export interface Device {
  readonly kind: 'cuda' | 'mps' | 'cpu';
  readonly name: string;
  /** The number type that training uses there. */
  readonly type: string;
  /** CUDA's compute capability, such as `7.5`. */
  readonly capability?: string;
  readonly memoryMb: number;
  readonly freeMemoryMb: number;
  /** Measured speed of matrix products in that type, in 1e12 operations a second. */
  readonly teraflops: number;
}

/** What `sandbox/gpt` is set to. */
export interface Preset {
  readonly budgetSeconds: number;
  readonly depth: number;
  /** Tokens per step. */
  readonly totalBatch: number;
  /** Windows per pass. */
  readonly deviceBatch: number;
  /** Tokens in a window. */
  readonly windowTokens: number;
}

/** Share of a plain matrix product's speed that a small transformer reaches. */
const reachedShare = 0.35;
/** Tokens per weight; a byte says less than a word does, and small models profit from more. */
const tokensPerWeight = 20;
/** Weights of the layers of a model of depth 1: twelve times its width squared, the width being 64 times the depth. */
const weightsAtDepthOne = 12 * 64 ** 2;
/** Steps that a run should take for its schedule to mean something. */
const wantedSteps = 1500;
/** Bytes that a token's activations take for each layer and channel, with room to spare. */
const activationBytes = 60;

/** The settings that fit this device and budget; the script halves `deviceBatch` further when memory is short. */
export function presetFor(device: Device, budgetSeconds: number): Preset {
  const compute = device.teraflops * 1e12 * reachedShare * budgetSeconds;
  const wantedWeights = Math.sqrt(compute / (6 * tokensPerWeight));
  const depth = clamp(Math.round((wantedWeights / weightsAtDepthOne) ** (1 / 3)), 2, 12);
  const windowTokens = windowFor(device);
  const tokens = compute / (6 * weightsAtDepthOne * depth ** 3);
  const totalBatch = clamp(powerOfTwo(tokens / wantedSteps), 8 * windowTokens, 2 ** 19);
  const passTokens = (device.freeMemoryMb * 2 ** 20 * 0.5) / (activationBytes * depth * depth * 64);
  const deviceBatch = clamp(powerOfTwo(passTokens / windowTokens), 1, Math.min(128, totalBatch / windowTokens));
  return { budgetSeconds, depth, totalBatch, deviceBatch, windowTokens };
}

function windowFor({ kind, capability }: Device): number {
  if (kind !== 'cuda') return 256;
  return Number(capability) >= 8 ? 1024 : 512;
}

/** The largest power of two that is not above the number. */
function powerOfTwo(limit: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(limit)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** GPUs that a project can be made for on another machine: memory, and seven tenths of the data sheet's dense speed. */
export const knownDevices: Readonly<Record<string, Device>> = {
  t4: gpu('Tesla T4', '7.5', 'float16', 15_000, 65),
  l4: gpu('NVIDIA L4', '8.9', 'bfloat16', 22_500, 121),
  a100: gpu('NVIDIA A100', '8.0', 'bfloat16', 40_000, 312),
  h100: gpu('NVIDIA H100', '9.0', 'bfloat16', 80_000, 989),
};

function gpu(name: string, capability: string, type: string, memoryMb: number, peakTeraflops: number): Device {
  return { kind: 'cuda', name, capability, type, memoryMb, freeMemoryMb: memoryMb, teraflops: 0.7 * peakTeraflops };
}
