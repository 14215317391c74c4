/**
 * Asks a Python interpreter what it is.
 */
import { execa } from 'execa';
import { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';
import { packagePath } from '../package-root.ts';

const probeSchema = z.object({
  executable: z.string().min(1),
  version: z.string(),
  unmet: z.array(z.string()),
  torch: z.string().nullable(),
  numpy: z.string().nullable(),
});

/** An interpreter that answered. `executable` is its own path: not that of a shim, and inside a venv the venv's. */
export interface Interpreter {
  readonly executable: string;
  readonly version: string;
  /** The lines of the requirements file that it does not meet. */
  readonly unmet: readonly string[];
  readonly torch: string | null;
  readonly numpy: string | null;
}

/** What an interpreter says of itself; undefined when it does not run, or is older than Python 3.8. */
export async function probeInterpreter(command: string, requirements?: string): Promise<Interpreter | undefined> {
  const probe = [packagePath('src', 'python', 'probe.py'), ...(requirements === undefined ? [] : [requirements])];
  const { stdout, failed } = await execa(command, probe, { reject: false, timeout: 60_000, stdin: 'ignore' });
  if (failed) return undefined;
  const parsed = probeSchema.safeParse(parseJson(stdout));
  if (!parsed.success) return undefined;
  const [major = 0, minor = 0] = parsed.data.version.split('.').map(Number);
  return major === 3 && minor >= 8 ? parsed.data : undefined;
}
