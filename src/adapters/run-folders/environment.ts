/**
 * The environment of a run: an allowlist, so that no key of the user's reaches training code.
 */
import { delimiter, dirname } from 'node:path';

const names = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH'];
const prefixes = ['CUDA_', 'NVIDIA_', 'HF_', 'TORCH_', 'TRITON_', 'XDG_', 'OMP_', 'NOCTURNE_'];
/** These match an allowed prefix and are secrets all the same. */
const secret = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)/;

/** What of the tool's own environment a run may see. `further` are the names that the brief allows. */
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

/** The same environment with the interpreter's folder first on PATH, so that `python` and its tools mean that one. */
export function withInterpreter(environment: Record<string, string>, interpreter: string): Record<string, string> {
  const path = environment.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  return { ...environment, PATH: dirname(interpreter) + delimiter + path, PYTHONUNBUFFERED: '1' };
}

/**
 * For what runs among files that several runs share: Python would write its bytecode beside them, and a run that did so
 * would be void for having changed them.
 */
export const withoutBytecode: Readonly<Record<string, string>> = { PYTHONDONTWRITEBYTECODE: '1' };
