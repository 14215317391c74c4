/**
 * Reads a folder whose brief has no front matter: its scripts, its ledger and its tools, out of which the brief is made.
 */
import { constants, readdir } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { ResearchError } from '../core/base/errors.ts';
import type { Goal } from '../core/base/metric.ts';
import { type AssumedBrief, type KarpathyFolder, karpathyBrief } from '../core/brief/karpathy-brief.ts';
import type { LedgerPart } from '../core/imported/ledger.ts';
import { goalOfLedger } from '../core/imported/ledger-goal.ts';
import { readTextLedger } from '../core/imported/read-text.ts';
import { exists } from './files/exists.ts';
import { readBytes } from './files/read-file.ts';

/** The brief that the folder stands for; `where` is its name in errors, `searchPath` is where the `uv` command is looked for. Throws BriefErrors. */
export async function readKarpathyFolder(
  where: string,
  folder: string,
  text: string,
  searchPath: string,
): Promise<AssumedBrief> {
  // The link itself, not its target: Python finds a venv by the path that it is started with.
  const venvPython = join(folder, '.venv', 'bin', 'python');
  const texts = await textsIn(folder);
  return karpathyBrief({
    where,
    programText: text,
    name: basename(folder),
    texts,
    ledger: await ledgerIn(folder, Object.keys(texts)),
    files: {
      venvPython: (await exists(venvPython, constants.X_OK)) ? venvPython : undefined,
      pyproject: await exists(join(folder, 'pyproject.toml')),
      uv: await isCommand('uv', searchPath),
    },
  });
}

/** Folders that hold no source of the project, beside hidden ones. */
const otherFolders = new Set(['node_modules', 'runs', 'data', 'venv', 'env', '__pycache__', 'outputs', 'checkpoints']);
const maxFiles = 1000;
const maxScriptBytes = 1_000_000;

/** The files of the folder and of the folders in it, the texts of Python scripts with them. */
async function textsIn(folder: string): Promise<Record<string, string | undefined>> {
  const own = await filesIn(folder);
  const inner: string[] = [];
  for (const name of own.folders) {
    if (name.startsWith('.') || otherFolders.has(name)) continue;
    inner.push(...(await filesIn(join(folder, name))).files.map((file) => `${name}/${file}`));
  }
  const texts: Record<string, string | undefined> = {};
  for (const file of [...own.files, ...inner].slice(0, maxFiles)) {
    const read = file.endsWith('.py') ? await readBytes(join(folder, file), maxScriptBytes) : undefined;
    texts[file] = read?.kind === 'read' ? read.bytes.toString('utf8') : undefined;
  }
  return texts;
}

async function filesIn(folder: string): Promise<{ files: readonly string[]; folders: readonly string[] }> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(() => [])).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  return {
    files: entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name),
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
  };
}

async function ledgerIn(folder: string, files: readonly string[]): Promise<KarpathyFolder['ledger']> {
  const named = files.filter((file) => /^(?:experiments|.*results.*)\.tsv$/.test(file));
  const name = named.includes('results.tsv') ? 'results.tsv' : named[0];
  const file = name === undefined ? undefined : await readBytes(join(folder, name), maxScriptBytes);
  if (name === undefined || file?.kind !== 'read') return undefined;
  try {
    const { parts } = readTextLedger(file.bytes.toString('utf8'), name);
    const metric = parts.at(-1)?.metric;
    if (metric === undefined || metric.startsWith('column ')) return undefined;
    return { metric, goal: goalIn(parts.filter((part) => part.metric === metric)) };
  } catch (error) {
    if (error instanceof ResearchError) return undefined;
    throw error;
  }
}

/** A ledger without scores, or one whose decisions say nothing, may still name the metric. */
function goalIn(parts: readonly LedgerPart[]): Goal | undefined {
  if (!parts.some(({ rows }) => rows.some(({ value }) => value !== null))) return undefined;
  try {
    return goalOfLedger(parts, undefined, 'the ledger').goal;
  } catch (error) {
    if (error instanceof ResearchError) return undefined;
    throw error;
  }
}

async function isCommand(name: string, searchPath: string): Promise<boolean> {
  for (const folder of searchPath.split(delimiter)) {
    if (folder !== '' && (await exists(join(folder, name), constants.X_OK))) return true;
  }
  return false;
}
