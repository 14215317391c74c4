/**
 * Reads what is handed in from a file, a folder, a diff, texts or the work tree into the editable files.
 */
import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { readText } from '../../adapters/files/read-file.ts';
import { viewOf } from '../../adapters/notebooks/notebook-view.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { unmask } from '../../core/base/secrets.ts';
import { keepFileForm } from '../../core/edits/keep-file-form.ts';
import { applyHandedDiff, editableNamed, type HandInReading, looksLikeDiff } from '../../core/proposal/read-hand-in.ts';
import type { LocatedBrief } from '../compose/locate-brief.ts';
import type { FoundStudy } from '../study-folder/studies.ts';

type Files = Readonly<Record<string, string>>;

export type HandInSource =
  /** The editable files as they are in the work tree. */
  | { readonly kind: 'work-tree' }
  /** An edited copy of an editable file, a folder of them, or a diff. */
  | { readonly kind: 'path'; readonly path: string }
  /** The text of a diff, or of the one editable file that it can stand for; `name` begins a sentence about it. */
  | { readonly kind: 'text'; readonly text: string; readonly name: string }
  /** Whole editable files by their paths in the sandbox. */
  | { readonly kind: 'files'; readonly files: Files };

export interface HandInAsked {
  readonly located: LocatedBrief;
  readonly study: FoundStudy;
  readonly source: HandInSource;
  readonly from: number | undefined;
  readonly title: string | undefined;
  readonly hypothesis: string | undefined;
  /** The secrets in a text, for a reader that was shown marks in their place. */
  readonly findSecrets?: (text: string) => readonly string[];
}

/** The files as they are to be run, of which those that were not handed in are the base's. Throws a SettingsError. */
export async function readSource(asked: HandInAsked, base: Files): Promise<Files> {
  return inFormOf(base, await readFiles({ ...asked, source: withSecrets(asked, base) }, base));
}

/** A text from a reader that was shown marks in the place of secrets, with those secrets of the base that it quotes. */
function withSecrets({ source, findSecrets }: HandInAsked, base: Files): HandInSource {
  if (findSecrets === undefined) return source;
  const secrets = [...new Set(Object.values(base).flatMap(findSecrets))];
  if (source.kind === 'text') return { ...source, text: unmask(source.text, secrets) };
  if (source.kind !== 'files') return source;
  const files = Object.entries(source.files).map(([file, text]) => [file, unmask(text, secrets)]);
  return { ...source, files: Object.fromEntries(files) };
}

async function readFiles(asked: HandInAsked, base: Files): Promise<Files> {
  const { source, located } = asked;
  switch (source.kind) {
    case 'work-tree':
      return { ...base, ...(await readEditable(located.userSandbox, located.brief.edit)) };
    case 'path':
      return readPath(asked, base, source.path);
    case 'text':
      return fromText(asked, base, source);
    case 'files':
      return { ...base, ...editableFiles(asked, source.files) };
    default:
      return source satisfies never;
  }
}

async function readPath(asked: HandInAsked, base: Files, path: string): Promise<Files> {
  const { edit } = asked.located.brief;
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new SettingsError(`There is no ${path} to hand in.`, {
      hint: `Name an edited copy of ${edit.join(' or ')}, a folder with one, or a diff; \`-\` reads standard input.`,
    });
  }
  if (!found.isDirectory()) return fromText(asked, base, { text: (await readText(path)) ?? '', name: path, path });
  const inFolder = await readEditable(path, edit);
  if (Object.keys(inFolder).length > 0) return { ...base, ...inFolder };
  throw new SettingsError(`${path} holds none of the editable files ${edit.join(', ')}.`, {
    hint: 'They lie in it as in the sandbox.',
  });
}

/** The files under the names that the sandbox has for them. Throws a SettingsError for one that may not change. */
function editableFiles({ located, study }: HandInAsked, files: Files): Files {
  const { edit } = located.brief;
  const named = Object.entries(files).map(([path, text]) => {
    const file = editableNamed(edit, path, study.history.frozen.sandbox);
    if (file !== undefined) return [file, viewOf(file, text)] as const;
    throw new SettingsError(`${plainText(path)} cannot be handed in: only ${edit.join(', ')} may change.`, {
      hint: 'Name each file as the brief does under `edit:`.',
    });
  });
  return Object.fromEntries(named);
}

/** The editable files that lie in a folder, as a study has them. */
export async function readEditable(folder: string, edit: readonly string[]): Promise<Files> {
  const found: Record<string, string> = {};
  for (const file of edit) {
    const text = await readText(join(folder, file));
    if (text !== undefined) found[file] = viewOf(file, text);
  }
  return found;
}

/** A text to be read; `name` begins a sentence about it, `path` is where it lies. */
interface NamedText {
  readonly text: string;
  readonly name: string;
  readonly path?: string;
}

function fromText({ located, study }: HandInAsked, base: Files, { text, name, path }: NamedText): Files {
  const { sandbox, edit } = study.history.frozen;
  if (looksLikeDiff(text)) return requireRead(applyHandedDiff(base, text, sandbox), edit, name);
  const file = fileMeant(located, edit, path);
  if (file === undefined) {
    throw new SettingsError(`It is not clear which of ${edit.join(', ')} ${path ?? lowerFirst(name)} stands for.`, {
      hint: 'Name it like the editable file, or hand in a unified diff (`git diff | nocturne try -`).',
    });
  }
  if (text.trim() === '') throw new SettingsError(`${name} is empty, so there is nothing to run.`);
  const isNamed = path !== undefined && basename(path) === basename(file);
  if (!isNamed && codeLines(text) < minShare * codeLines(base[file] ?? '')) throw tooShort(file, text, name);
  return { ...base, [file]: viewOf(file, text) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A text without the file's name, with a smaller share of its lines, is hardly the whole file. */
const minShare = 0.4;

function codeLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

function tooShort(file: string, text: string, name: string): SettingsError {
  return new SettingsError(`${name} has ${codeLines(text)} lines, which is too little to be the whole of ${file}.`, {
    hint: `Hand in a unified diff (\`git diff | nocturne try -\`), or a file named ${basename(file)}.`,
  });
}

/** The editable file that a path stands for: it is that file, has its name, or there is only one. */
function fileMeant(
  { userSandbox }: LocatedBrief,
  edit: readonly string[],
  path: string | undefined,
): string | undefined {
  const [only] = edit.length === 1 ? edit : [];
  if (path === undefined) return only;
  const own = editableNamed(edit, relative(userSandbox, resolve(path)).split(sep).join('/'), '.');
  const named = edit.filter((file) => basename(file) === basename(path));
  return own ?? (named.length === 1 ? named[0] : only);
}

function requireRead(reading: HandInReading, edit: readonly string[], name: string): Files {
  if (reading.kind === 'read') return reading.files;
  throw new SettingsError(`${name} cannot be handed in: ${reading.reason}.`, {
    hint: `Only ${edit.join(', ')} may change, and a diff applies to the incumbent's code, or with --from N to that of experiment N (\`nocturne diff N\` shows it).`,
  });
}

/** A copy that an editor or another system gave its own line ends changes no line by them. */
function inFormOf(base: Files, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, keepFileForm(base[file] ?? text, text)]),
  );
}
