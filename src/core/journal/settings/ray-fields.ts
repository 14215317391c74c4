/**
 * `ray:` of a brief: where the cluster is, and what each run reserves there.
 */
import { z } from 'zod';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';
import { field } from './fields.ts';

const reserved = 'a number such as 1, or a part such as 0.5';
const share = z.number({ error: reserved }).nonnegative({ error: reserved }).max(100_000, { error: reserved });
const named = 'names and numbers such as { a100: 1 }';
const surroundings = 'what Ray calls a runtime_env, such as { pip: [einops] }';

/** The keys as a brief writes them. */
export const rayFields = z.strictObject(
  {
    /** The dashboard of the cluster's head. */
    address: field(readAddress).optional(),
    /** Cores (default 1), GPUs (default none, and then runs see none), bytes of memory and resources of the cluster's own that are reserved for each run. */
    cpus: share.positive({ error: reserved }).optional(),
    gpus: share.optional(),
    memory: field(readMemory).optional(),
    resources: z.record(z.string(), share, { error: named }).optional(),
    /** The python of runs on the nodes (default `python3`), and a folder there for jobs and data (default: among the temporary files). */
    python: field(readProgram).optional(),
    folder: field(readFolder).optional(),
    /** Ray's own, without what the engine itself sets. */
    runtime_env: z.record(z.string(), z.json(), { error: surroundings }).transform(readSurroundings).optional(),
  },
  { error: 'settings such as { address: "http://127.0.0.1:8265", gpus: 1 }' },
);

const text = z.string().optional();
const number = z.number().optional();

/** The values in a Brief and in the journal. */
export const rayValues = z
  .object({
    ...{ address: text, python: text, folder: text, cpus: number, gpus: number, memory: number },
    resources: z.record(z.string(), z.number()).readonly().optional(),
    runtime_env: z.record(z.string(), z.json()).readonly().optional(),
  })
  .readonly();

/** Reads the address of a dashboard: it is kept in the journal, so that nothing secret may be in it. */
export function readAddress(raw: unknown): ReadResult<string> {
  const expected = 'the address of a dashboard such as http://127.0.0.1:8265';
  if (typeof raw !== 'string' || !/^https?:\/\/\S+$/.test(raw) || !URL.canParse(raw)) return refuse(expected);
  const { username, password } = new URL(raw);
  if (username === '' && password === '') return read(raw);
  return refuse(`${expected}, without a password`, { hint: 'Give a token in RAY_AUTH_TOKEN.' });
}

const units = { K: 1, M: 2, G: 3, T: 4 } as const;

/** Bytes, of `16G` or a number of bytes. */
function readMemory(raw: unknown): ReadResult<number> {
  if (typeof raw === 'number' && Number.isInteger(raw) && raw > 0) return read(raw);
  const [, amount, unit] = /^(\d{1,6})([KMGT])i?B?$/.exec(typeof raw === 'string' ? raw : '') ?? [];
  const power = Object.entries(units).find(([name]) => name === unit)?.[1];
  if (amount === undefined || power === undefined || Number(amount) === 0) return refuse('memory such as 16G');
  return read(Number(amount) * 1024 ** power);
}

/** Reads the path or name of a program that is started without a shell: its folders may have spaces. */
export function readProgram(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && /^[^\s\p{Cc}][^\p{Cc}]*$/u.test(raw)) return read(raw);
  return refuse('a program such as /opt/conda/bin/python');
}

function readFolder(raw: unknown): ReadResult<string> {
  if (typeof raw === 'string' && /^\/[^\p{Cc}]*$/u.test(raw)) return read(raw);
  return refuse('an absolute folder of the nodes such as /mnt/scratch/nocturne');
}

/** What the engine itself sets may not be set. */
function readSurroundings(value: Record<string, z.core.util.JSONType>, context: z.RefinementCtx) {
  const taken = ['working_dir', 'py_modules'].find((name) => name in value);
  if (taken !== undefined) context.addIssue({ code: 'custom', message: `${surroundings}, without ${taken}` });
  return value;
}
