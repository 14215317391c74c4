/**
 * Reads a brief from disk: the file, or the folder that has a `program.md`.
 */
import { constants, readFile, stat } from 'node:fs/promises';
import { delimiter, dirname, join, normalize, resolve } from 'node:path';
import { BriefError } from '../core/base/errors.ts';
import type { Brief } from '../core/brief/brief.ts';
import { hasFrontMatter } from '../core/brief/front-matter.ts';
import { karpathyBrief } from '../core/brief/karpathy-brief.ts';
import { parseBrief } from '../core/brief/parse-brief.ts';
import { exists } from './files/exists.ts';

/** A brief and where it was found; `path` and `folder` are absolute. */
export interface BriefFile {
  readonly brief: Brief;
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

/** Reads the brief at `path`, a file or a folder; `searchPath` is where the `uv` command is looked for. */
export async function readBrief(path: string, searchPath = process.env.PATH ?? ''): Promise<BriefFile> {
  const file = (await isFolder(path)) ? join(path, 'program.md') : normalize(path);
  const text = await readText(file);
  if (text.trim() === '') throw new BriefError(`${file} must be a brief, found an empty file`, { hint: startHint });
  const absolute = resolve(file);
  const folder = dirname(absolute);
  const brief = hasFrontMatter(text) ? parseBrief(text, file) : await readKarpathyBrief(file, folder, text, searchPath);
  return { brief, path: absolute, folder, text };
}

const maxBytes = 1_000_000;
const startHint = 'Run `nocturne init` to write one.';

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw asBriefError(path, cause);
  }
}

async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (cause) {
    throw new BriefError(`${file} must be text in UTF-8, found other bytes`, { cause });
  }
  throw new BriefError(`${file} must be text in UTF-8, found NUL characters`);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new BriefError(`${file} must be a file, found something else`);
    if (found.size > maxBytes) {
      throw new BriefError(`${file} must be at most 1 MB, found ${(found.size / 1e6).toFixed(1)} MB`);
    }
    return await readFile(file);
  } catch (cause) {
    throw cause instanceof BriefError ? cause : asBriefError(file, cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'found no such file',
  ENOTDIR: 'found no such file',
  EACCES: 'found that it may not be read',
  EPERM: 'found that it may not be read',
  ELOOP: 'found a link that leads to itself',
};

function asBriefError(path: string, cause: unknown): BriefError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const message = `${path} must be a brief, ${reasons[code] ?? `found that it cannot be read (${code || cause})`}`;
  return new BriefError(message, { cause, ...(reasons[code] === reasons.ENOENT && { hint: startHint }) });
}

async function readKarpathyBrief(file: string, folder: string, text: string, searchPath: string): Promise<Brief> {
  const trainPath = join(folder, 'train.py');
  if (!(await exists(trainPath))) {
    const message = `${file} must begin with front matter between two \`---\` lines or have a train.py beside it, found neither`;
    throw new BriefError(message, { hint: startHint });
  }
  const preparePath = join(folder, 'prepare.py');
  // The link itself, not its target: Python finds a venv by the path that it is started with.
  const venvPython = join(folder, '.venv', 'bin', 'python');
  return karpathyBrief({
    programText: text,
    trainText: await readText(trainPath),
    prepareText: (await exists(preparePath)) ? await readText(preparePath) : undefined,
    files: {
      venvPython: (await exists(venvPython, constants.X_OK)) ? venvPython : undefined,
      pyproject: await exists(join(folder, 'pyproject.toml')),
      uv: await isCommand('uv', searchPath),
    },
  });
}

async function isCommand(name: string, searchPath: string): Promise<boolean> {
  for (const folder of searchPath.split(delimiter)) {
    if (folder !== '' && (await exists(join(folder, name), constants.X_OK))) return true;
  }
  return false;
}
