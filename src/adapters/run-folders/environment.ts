/**
 * The environment of a run: only variables of an allowlist, so that none of the owner's keys reaches training code.
 */
import { delimiter, dirname } from 'node:path';

const names = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH'];
const prefixes = ['CUDA_', 'NVIDIA_', 'HF_', 'TORCH_', 'TRITON_', 'XDG_', 'OMP_', 'NOCTURNE_'];
/** Names that are left out although they begin with an allowed prefix, since they look like secrets. */
const secret = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)/;

/** The variables of Nocturne's own environment that a run gets. `further` are the names that the brief allows. */
export function allowedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  further: readonly string[],
): Record<string, string> {
  const isAllowed = (name: string) =>
    further.includes(name) ||
    names.includes(name) ||
    (prefixes.some((prefix) => name.startsWith(prefix)) && !secret.test(name));
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isAllowed(name)) allowed[name] = value;
  }
  return allowed;
}

/**
 * The environment with the interpreter's folder first on PATH, so that `python` and tools such as `pip` are its own.
 */
export function withInterpreter(environment: Record<string, string>, interpreter: string): Record<string, string> {
  const path = environment.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  return { ...environment, PATH: dirname(interpreter) + delimiter + path, PYTHONUNBUFFERED: '1' };
}

/**
 * For processes among files that several runs share: Python would write its bytecode beside them, and the run would be
 * void because it changed them.
 */
export const withoutBytecode: Readonly<Record<string, string>> = { PYTHONDONTWRITEBYTECODE: '1' };
