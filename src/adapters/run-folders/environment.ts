/**
 * The environment of a run: the variables that training, its tools and its compilers read, and none of the owner's keys.
 *
 * Training code may be written by a model, so the rule is an allowlist. What looks like a secret by its name or its value
 * stays out, whatever its prefix, unless the brief names it under `env:`, where the name of a key is refused.
 */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isAllowedName } from './allowed-names.ts';
import { isSecret } from './secret-variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of Nocturne's own environment that a run gets. `further` are the names that the brief allows. */
export function allowedEnvironment(environment: Environment, further: readonly string[]): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (further.includes(name) || (isAllowedName(name) && !isSecret(name, value))) allowed[name] = value;
  }
  return allowed;
}

/** A variable that runs do not get, and why. */
export interface HeldBack {
  readonly name: string;
  /** A secret by its name or value; or no name that the allowlist has. */
  readonly why: 'secret' | 'unknown';
}

/**
 * The variables of Nocturne's own environment that a run does not get, by name; those of the terminal and the desktop,
 * which no training reads, are left out.
 */
export function heldBack(environment: Environment, further: readonly string[]): readonly HeldBack[] {
  const allowed = allowedEnvironment(environment, further);
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !(name in allowed) && !isOfTerminal(name))
    .map(([name, value = '']): HeldBack => ({ name, why: isSecret(name, value) ? 'secret' : 'unknown' }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

const ofTerminal =
  /^(_|PWD|OLDPWD|SHLVL|SHELL|TERM\w*|COLORTERM|COLUMNS|LINES|EDITOR|VISUAL|PAGER|LESS\w*|LS_COLORS|HIST\w+|PS[1-4]|PROMPT\w*|MAIL|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|WINDOWID|DBUS_\w+|SSH_\w+|GPG_\w+|GNOME_\w+|GTK_\w+|KDE_\w+|QT_\w+|DESKTOP_SESSION|SESSION_MANAGER|XAUTHORITY|WAYLAND_DISPLAY|TMUX\w*|STY|VSCODE_\w+|ITERM_\w+|npm_\w+|NODE\w*|NVM_\w+|INIT_CWD|VITEST\w*|GIT_\w+|INVOCATION_ID|JOURNAL_STREAM|VIRTUAL_ENV\w*)$/;

function isOfTerminal(name: string): boolean {
  return ofTerminal.test(name);
}

/**
 * The environment with the interpreter's folder first on PATH, so that `python` and tools such as `pip` are its own, and
 * with its virtual environment as the active one, so that `poetry run` and `uv pip` use it.
 */
export function withInterpreter(environment: Record<string, string>, interpreter: string): Record<string, string> {
  const path = environment.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  const virtual = virtualEnvironmentOf(interpreter);
  return {
    ...environment,
    PATH: dirname(interpreter) + delimiter + path,
    PYTHONUNBUFFERED: '1',
    ...(virtual === undefined ? {} : { VIRTUAL_ENV: virtual }),
  };
}

/** The virtual environment that an interpreter belongs to; undefined for any other Python. */
export function virtualEnvironmentOf(interpreter: string): string | undefined {
  const prefix = dirname(dirname(interpreter));
  return existsSync(join(prefix, 'pyvenv.cfg')) ? prefix : undefined;
}

/**
 * For processes among files that several runs share: Python would write its bytecode beside them, and the run would be
 * void because it changed them.
 */
export const withoutBytecode: Readonly<Record<string, string>> = { PYTHONDONTWRITEBYTECODE: '1' };
