/**
 * Installs a coding agent into a folder of its own, from npm or PyPI.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { emptyHome } from './agent-study.ts';
import type { BenchedAgent } from './benched-agents.ts';

export interface InstalledAgent {
  /** The value of PATH with which it is found. */
  readonly path: string;
  /** As the agent says it; `unknown` when it says none. */
  readonly version: string;
  /** Whole seconds that the installation took. */
  readonly seconds: number;
}

/** Installs the newest release, or brings what is in the folder up to it, and asks for its version with an empty HOME. */
export async function installAgent({ name, from }: BenchedAgent, folder: string): Promise<InstalledAgent> {
  const began = performance.now();
  mkdirSync(folder, { recursive: true });
  const into = join(folder, 'installed');
  const bin = 'npm' in from ? await installFromNpm(from.npm, into) : await installFromPip(from.pip, into);
  const seconds = Math.round((performance.now() - began) / 1000);
  const path = [bin, process.env.PATH].join(delimiter);
  return { path, version: await versionOf(name, path, folder), seconds };
}

/** With the whole environment, for the owner's registry and certificates; this starts no agent. */
async function installFromNpm(name: string, into: string): Promise<string> {
  // --force: without it npm skips a release that asks for a newer Node than this one, though some bring one along; pi needs
  // the one that comes with it here.
  const flags = ['--no-audit', '--no-fund', '--no-save', '--force', '--loglevel', 'error', '--prefix', into];
  await execa('npm', ['install', ...flags, `${name}@latest`, 'node@24'], { stdin: 'ignore' });
  return join(into, 'node_modules', '.bin');
}

async function installFromPip(name: string, into: string): Promise<string> {
  if (!existsSync(into)) await execa('python3', ['-m', 'venv', into], { stdin: 'ignore' });
  await execa(join(into, 'bin', 'pip'), ['install', '--quiet', '--upgrade', name], { stdin: 'ignore' });
  return join(into, 'bin');
}

async function versionOf(name: string, path: string, folder: string): Promise<string> {
  const env = { PATH: path, HOME: emptyHome(folder) };
  const options = { env, extendEnv: false, stdin: 'ignore', reject: false, timeout: 60_000 } as const;
  const { stdout } = await execa(name, ['--version'], options);
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? 'unknown';
}
