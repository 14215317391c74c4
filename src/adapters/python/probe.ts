/**
 * Asks a Python interpreter what it is.
 */
import { execa } from 'execa';
import { z } from 'zod';
import { parseJson } from '../../core/base/parse-json.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { packagePath } from '../package-root.ts';

const probeSchema = z.object({
  executable: z.string().min(1),
  version: z.string(),
  unmet: z.array(z.string()),
  torch: z.string().nullable(),
  numpy: z.string().nullable(),
  hasPip: z.boolean().default(true),
  maker: z.enum(['ensurepip', 'pip']).nullable().default('ensurepip'),
  isDebian: z.boolean().default(false),
});

/** An interpreter that answered. `executable` is its own path: not that of a shim, and inside a venv the venv's. */
export interface Interpreter {
  readonly executable: string;
  readonly version: string;
  /** The lines of the requirements file that it does not meet. */
  readonly unmet: readonly string[];
  readonly torch: string | null;
  readonly numpy: string | null;
  readonly hasPip: boolean;
  /** What puts pip into an environment that it makes; null when it has neither, as on Debian without python3-venv. */
  readonly maker: 'ensurepip' | 'pip' | null;
  /** Whether its missing parts are packages of apt. */
  readonly isDebian: boolean;
}

export type Examined =
  | { readonly kind: 'usable'; readonly interpreter: Interpreter }
  /** `found` goes on after the command's name: "is Python 3.6.9", "does not run: …"; absent for no such command. */
  | { readonly kind: 'unusable'; readonly found?: string };

/** What a command says of itself as an interpreter. */
export async function examineInterpreter(command: string, requirements?: string): Promise<Examined> {
  const probe = [packagePath('src', 'python', 'probe.py'), ...(requirements === undefined ? [] : [requirements])];
  const { stdout, stderr, failed, code } = await execa(command, probe, {
    reject: false,
    timeout: 60_000,
    stdin: 'ignore',
  });
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'unusable' };
  // A command that could not be started has no output at all.
  const said = lastLine(stderr ?? '');
  if (failed) return unusable(said === '' ? 'does not run' : `does not run: ${said}`);
  const parsed = probeSchema.safeParse(parseJson(stdout));
  if (!parsed.success) return unusable('is no Python');
  const [major = 0, minor = 0] = parsed.data.version.split('.').map(Number);
  return major === 3 && minor >= 8
    ? { kind: 'usable', interpreter: parsed.data }
    : unusable(`is Python ${parsed.data.version}`);
}

/** What an interpreter says of itself; undefined when it does not run, or is older than Python 3.8. */
export async function probeInterpreter(command: string, requirements?: string): Promise<Interpreter | undefined> {
  const examined = await examineInterpreter(command, requirements);
  return examined.kind === 'usable' ? examined.interpreter : undefined;
}

function unusable(found: string): Examined {
  return { kind: 'unusable', found };
}

function lastLine(text: string): string {
  return plainText(text).trim().split('\n').at(-1) ?? '';
}
