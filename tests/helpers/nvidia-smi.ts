/** A program that answers as nvidia-smi does, first on the PATH, with what a test wants the GPUs to be. */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What it prints to each question, and how it exits. */
export interface GpuAnswers {
  /** `memory.used, memory.total`, one line a GPU; by default one of 80 GB that is empty. */
  readonly memory?: string;
  /** `pid, used_memory` of what computes; by default nothing. */
  readonly apps?: string;
  /** What `nvidia-smi -L` lists; by default one GPU. */
  readonly list?: string;
  /** Of a GPU that is gone: printed on both questions, whose exit code is then this. */
  readonly failure?: { readonly says: string; readonly exitCode: number };
}

export interface FakeNvidiaSmi {
  /** The PATH with it. */
  readonly path: string;
  readonly answer: (answers: GpuAnswers) => void;
  /** From now on it neither answers nor ends, for a few seconds. */
  readonly hang: () => void;
}

/** What the real one says when a GPU or its driver is gone. */
export const gpuFailures = {
  'fallen off the bus': {
    says: 'Unable to determine the device handle for GPU0000:01:00.0: Unknown Error',
    exitCode: 255,
  },
  'a lost GPU': {
    says: 'Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.  Reboot the system to recover this GPU',
    exitCode: 15,
  },
  'no driver': {
    says: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    exitCode: 9,
  },
  'no device': { says: 'No devices were found', exitCode: 6 },
  'no device, said with success': { says: 'No devices were found', exitCode: 0 },
  'a driver updated in the night': {
    says: 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.54',
    exitCode: 18,
  },
  'a container that lost its device': { says: 'Failed to initialize NVML: Unknown Error', exitCode: 255 },
  'a row of nothing': { says: '[GPU is lost], [GPU is lost]', exitCode: 0 },
} as const;

/** The lines of `nvidia-smi -L` for GPUs of these models, each with slices of these profiles. */
export function listOf(...gpus: readonly (string | readonly [name: string, ...slices: string[]])[]): string {
  const uuid = (gpu: number, slice = 0) => `${gpu}${slice}d4b7a9f-1c2e-4b3d-9f60-0a1b2c3d4e5f`;
  return gpus
    .flatMap((gpu, index) => {
      const [name, ...slices] = typeof gpu === 'string' ? [gpu] : gpu;
      const line = (profile: string, place: number) =>
        `  MIG ${profile.padEnd(11)} Device ${String(place).padStart(2)}: (UUID: MIG-${uuid(index, place + 1)})`;
      return [`GPU ${index}: ${name} (UUID: GPU-${uuid(index)})`, ...slices.map(line)];
    })
    .join('\n');
}

/** Puts one into this folder. */
export function fakeNvidiaSmi(folder: string, first: GpuAnswers = {}): FakeNvidiaSmi {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  const state = join(programs, 'answers.sh');
  const write = (lines: readonly string[]) => {
    writeFileSync(`${state}.new`, `${lines.join('\n')}\n`);
    renameSync(`${state}.new`, state);
  };
  const answer = ({ memory = '4, 81559', apps = '', list = listOf('NVIDIA H100 80GB HBM3'), failure }: GpuAnswers) => {
    const lines = failure
      ? [`say '${quoted(failure.says)}'`, `exit ${failure.exitCode}`]
      : [
          'case "$*" in',
          `-L) say '${quoted(list)}' ;;`,
          `*compute-apps*) say '${quoted(apps)}' ;;`,
          `*memory*) say '${quoted(memory)}' ;;`,
          "*clocks*) say '1410, 97, 0x0000000000000000' ;;",
          'esac',
        ];
    write(lines);
  };
  answer(first);
  const program = join(programs, 'nvidia-smi');
  writeFileSync(program, `#!/bin/sh\nsay() { [ -z "$1" ] || printf '%s\\n' "$1"; }\n. '${quoted(state)}'\n`);
  chmodSync(program, 0o755);
  return { path: programs + delimiter + process.env.PATH, answer, hang: () => write(["trap '' TERM INT", 'sleep 9']) };
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
