/**
 * A machine of Colab that is there when it is needed: asked for with patience, set up once, and asked for again when it was taken away.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { SettingsError } from '../../../core/base/errors.ts';
import { type Failure, readUsage } from './answers.ts';
import { type Lease, type LeaseOptions, openLease } from './lease.ts';
import { type ColabPlace, ColabTrouble, openPlace, type Setup } from './place.ts';

/** A machine that can be worked on. */
export interface Ready {
  readonly endpoint: string;
  readonly setup: Setup;
  readonly place: ColabPlace;
  /** Names of what was brought there by this process. */
  readonly brought: Set<string>;
}

export interface Machine {
  readonly lease: Lease;
  /** Waits until the machine is there; `onWait` is told why it is not. Rejects when the signal says so. */
  readonly ready: (signal: AbortSignal, onWait: (why: string) => void) => Promise<Ready>;
  /** The machine that was there before, if it is the one of this endpoint and still there. */
  readonly find: (endpoint: string) => Promise<Ready | 'gone' | 'unknown'>;
}

export interface MachineOptions extends LeaseOptions {
  readonly packages: readonly string[];
  /** Seconds before a refused request is made again; twice as many each time, up to twenty times as many. */
  readonly patienceSeconds: number;
}

/** Opens one; asks for nothing yet. */
export function openMachine(options: MachineOptions): Machine {
  const { colab, folder, name, gpu, packages, tell, patienceSeconds } = options;
  const lease = openLease(options);
  const place = openPlace(colab, name, folder);
  let ready: Ready | undefined;

  async function makeReady(endpoint: string): Promise<Ready> {
    if (ready?.endpoint === endpoint) return ready;
    const setup = await place.setUp(packages);
    ready = { endpoint, setup, place, brought: new Set() };
    return ready;
  }

  async function tryOnce(): Promise<Ready | Failure> {
    const isKnown = ready !== undefined;
    const allocation = isKnown ? await lookAgain() : await lease.allocate();
    if (allocation.kind !== 'held') return allocation;
    try {
      const isNew = ready === undefined;
      const made = await makeReady(allocation.endpoint);
      if (isNew) tell(await introduction(made));
      return made;
    } catch (error) {
      if (error instanceof ColabTrouble && error.failure.kind !== 'failed') return error.failure;
      throw error instanceof ColabTrouble ? cannotSetUp(error.message) : error;
    }
  }

  async function lookAgain() {
    const standing = await lease.look();
    if (standing.kind === 'held') return standing;
    if (standing.kind === 'unknown') return { kind: 'unreachable', why: 'the service cannot be asked' } as const;
    ready = undefined;
    return lease.allocate();
  }

  /** Such as `Colab gave a T4 (Tesla T4; Python 3.12.12); 87.50 compute units left, 1.76 an hour now.` */
  async function introduction({ setup }: Ready): Promise<string> {
    const usage = readUsage((await colab.call(['usage'], 60)).stdout);
    const seen = [...setup.gpus, `Python ${setup.python}`].join('; ');
    const cost = usage
      ? `${usage.units} compute units left, ${usage.perHour} an hour now`
      : 'what it costs is not told';
    return `Colab gave a machine with ${gpu === 'CPU' ? 'no GPU' : `a ${gpu}`} (${seen}); ${cost}.`;
  }

  return {
    lease,
    find: async (endpoint) => {
      const standing = await lease.look();
      if (standing.kind !== 'held') return standing.kind;
      return standing.endpoint === endpoint ? makeReady(endpoint) : 'gone';
    },
    ready: async (signal, onWait) => {
      for (let wait = patienceSeconds; ; wait = Math.min(wait * 2, patienceSeconds * 20)) {
        signal.throwIfAborted();
        const found = await tryOnce();
        if ('place' in found) return found;
        onWait(waitText(found, gpu));
        await delay(wait * 1000, undefined, { signal });
      }
    },
  };
}

function waitText(failure: Failure, gpu: string): string {
  if (failure.kind === 'refused') return `Colab gives no machine with ${gpu} now: ${failure.why}; it is asked again`;
  if (failure.kind === 'unreachable') return `Colab cannot be reached: ${failure.why}; it is asked again`;
  return `Colab gave no machine with ${gpu}: ${'why' in failure ? failure.why : 'it vanished at once'}; it is asked again`;
}

function cannotSetUp(why: string): SettingsError {
  return new SettingsError(`The Colab machine could not be set up: ${why}`, {
    hint: 'Look at the names under `packages` of `colab:` in the brief.',
  });
}
