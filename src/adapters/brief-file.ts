/**
 * Reads a brief from disk: the file, or the folder that has a `program.md`.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, normalize, resolve } from 'node:path';
import { BriefError } from '../core/base/errors.ts';
import type { Brief } from '../core/brief/brief.ts';
import { hasFrontMatter } from '../core/brief/front-matter.ts';
import type { Assumption } from '../core/brief/karpathy-brief.ts';
import { parseBrief } from '../core/brief/parse-brief.ts';
import { readKarpathyFolder } from './karpathy-folder.ts';

/** A brief and where it was found; `path` and `folder` are absolute. */
export interface BriefFile {
  readonly brief: Brief;
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  /** What a brief without front matter does not say; absent for any other. */
  readonly assumed?: readonly Assumption[];
}

/** Reads the brief at `path`, a file or a folder; `searchPath` is where the `uv` command is looked for. */
export async function readBrief(path: string, searchPath = process.env.PATH ?? ''): Promise<BriefFile> {
  const file = (await isFolder(path)) ? join(path, 'program.md') : normalize(path);
  const text = await readText(file);
  if (text.trim() === '') throw new BriefError(`${file} must be a brief, found an empty file`, { hint: startHint });
  const absolute = resolve(file);
  const folder = dirname(absolute);
  const found = hasFrontMatter(text)
    ? { brief: parseBrief(text, file) }
    : await readKarpathyFolder(file, folder, text, searchPath);
  return { ...found, path: absolute, folder, text };
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
