/**
 * What an engine is to be asked for: a setting of the engine's name, with its keys as a brief writes them. One row for each.
 */
import { z } from 'zod';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { aboveZero, count, field, list } from './fields.ts';
import { readDuration } from './parse-duration.ts';
import { rayFields, rayValues, readProgram } from './ray-fields.ts';

const word = field(readWord);
const yes = z.boolean({ error: 'true or false' });

/** `slurm: { partition: gpu, gpus: 1 }`: resources of each job, and where the cluster is. */
const slurmFields = z.strictObject(
  {
    partition: word.optional(),
    account: word.optional(),
    qos: word.optional(),
    /** The limit that Slurm is told, seconds; the run's own limit and some minutes where it is left out. */
    time: field(readDuration).optional(),
    /** GPUs of a job; or `gres`, as Slurm writes it: `gpu:a100:1`. */
    gpus: count('a whole number of GPUs, 1 or more').optional(),
    gres: word.optional(),
    cpus: count('a whole number of cores, 1 or more').optional(),
    /** Memory as Slurm writes it: `16G`. */
    mem: word.optional(),
    /** `user@login`, or a name of the owner's ssh configuration, where this machine has no `sbatch`. */
    host: word.optional(),
    /** Folder on the cluster's shared file system, from the home there or absolute, where jobs that came by ssh lie. */
    folder: word.optional(),
    /** The python of the cluster, for jobs that came by ssh. */
    python: word.optional(),
    /** Further options of `sbatch`, one word each. */
    args: list(readWord, 'a list of options such as [--constraint=a100]').optional(),
  },
  { error: 'settings such as { partition: gpu, gpus: 1 }' },
);

/** GPUs of Colab as its CLI names them: it takes any other name for an A100. */
export const colabGpus = ['T4', 'L4', 'G4', 'A100', 'H100', 'CPU'] as const;

/** `colab: { gpu: T4 }`: the machine, what it lacks, and how Google's CLI is called. */
const colabFields = z.strictObject(
  {
    /** T4 where it is left out; CPU for none. */
    gpu: z.enum(colabGpus, { error: colabGpus.join(', ') }).optional(),
    /** Packages to install there, each as pip takes it. */
    packages: list(readWord, 'a list of packages such as [datasets==4.0.0]').optional(),
    /** The command of the CLI. */
    program: field(readProgram).optional(),
    /** How the owner signs in. */
    auth: z.enum(['oauth2', 'adc'], { error: 'oauth2 or adc' }).optional(),
  },
  { error: 'settings such as { gpu: T4 }' },
);

const text = z.string().optional();
const number = z.number().optional();
const slurmValues = z
  .object({
    ...{ partition: text, account: text, qos: text, gres: text, mem: text, host: text, folder: text, python: text },
    ...{ time: number, gpus: number, cpus: number },
    args: z.array(z.string()).readonly().optional(),
  })
  .readonly();

/** `skypilot: { infra: aws, gpus: A100:1 }`: the machine that is rented, and on which terms. */
const skypilotFields = z.strictObject(
  {
    /** Where, as sky writes it: `aws`, `gcp/us-central1`, `k8s/my-context`. */
    infra: word.optional(),
    /** GPUs of the machine, as sky writes them: `A100` or `A100:8`. */
    gpus: word.optional(),
    instance: word.optional(),
    /** Cores and GB of memory as sky writes them: `4`, `4+`. */
    cpus: word.optional(),
    memory: word.optional(),
    /** GB of disk. */
    disk: count('a whole number of GB').optional(),
    image: word.optional(),
    spot: yes.optional(),
    /** Shell commands that make the machine ready, once for each: `pip install torch`. */
    setup: z.string({ error: 'shell commands' }).optional(),
    /** The python there (default `python3`). */
    python: word.optional(),
    /** Idle minutes after which the machine deletes itself (default 10). */
    idle: count('a whole number of minutes, 1 or more').optional(),
    /** US dollars per hour that may be paid; the price that was shown where it is left out. */
    max_usd: aboveZero('US dollars per hour such as 2.50').optional(),
    /** Whether the price need not be agreed to at each start. */
    consent: yes.optional(),
  },
  { error: 'settings such as { infra: aws, gpus: A100:1 }' },
);

const flag = z.boolean().optional();
const skypilotValues = z
  .object({
    ...{ infra: text, gpus: text, instance: text, cpus: text, memory: text, image: text, setup: text, python: text },
    ...{ disk: number, idle: number, max_usd: number },
    ...{ spot: flag, consent: flag },
  })
  .readonly();

const colabValues = z
  .object({
    gpu: z.enum(colabGpus).optional(),
    packages: z.array(z.string()).readonly().optional(),
    program: text,
    auth: z.enum(['oauth2', 'adc']).optional(),
  })
  .readonly();

/** The rows of the table of settings. */
export const engineSettings = {
  slurm: { kept: 'session', schema: slurmValues, written: slurmFields },
  ray: { kept: 'session', schema: rayValues, written: rayFields },
  skypilot: { kept: 'session', schema: skypilotValues, written: skypilotFields },
  colab: { kept: 'session', schema: colabValues, written: colabFields },
} as const;

/** The keys under each, for the sentence about one that is none. */
export const engineKeys: Readonly<Record<string, readonly string[]>> = {
  slurm: Object.keys(slurmFields.shape),
  ray: Object.keys(rayFields.shape),
  skypilot: Object.keys(skypilotFields.shape),
  colab: Object.keys(colabFields.shape),
};

/** Reads a word that is handed on as it is: no shell and no option parser may see more in it. */
function readWord(raw: unknown): ReadResult<string> {
  const text = typeof raw === 'number' ? String(raw) : raw;
  if (typeof text === 'string' && /^\S+$/.test(text) && !/[\p{Cc}'"`$\\;&|<>]/u.test(text)) return read(text);
  return refuse('one word without quotes or spaces', typeof text === 'string' ? { found: text } : {});
}
