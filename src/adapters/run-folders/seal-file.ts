/**
 * `base/sealed.json`: what `prepare` made, and the fingerprint of the study's fixed data at that time. Once read or
 * written it is kept in memory too, where training code cannot change it.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SettingsError } from '../../core/base/errors.ts';
import { exists } from '../files/exists.ts';
import { readJson } from '../files/read-json.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { FileTable, FolderFiles } from './file-table.ts';
import {
  type Fingerprint,
  fingerprintSchema,
  isUnchanged,
  maxSealBytes,
  tableOf,
  takeFingerprint,
} from './fingerprint.ts';

/** The files of one folder, in columns as they are in memory; hashes by their row. */
const folderSchema = z
  .object({
    folder: z.string(),
    names: z.array(z.string()),
    ctimes: z.array(z.number()),
    sizes: z.array(z.number()),
    hashes: z.array(z.tuple([z.number(), z.string()])),
  })
  .refine(({ names, ctimes, sizes }) => ctimes.length === names.length && sizes.length === names.length);
const foldersSchema = z.array(folderSchema).transform((folders): MarkedFolders => {
  const withMore = folders.map(({ folder, hashes, ...columns }) => {
    return [folder, { ...columns, more: new Map(hashes.map(([row, hash]) => [row, { hash }])) }] as const;
  });
  return new Map(withMore);
});
/** Earlier versions wrote an object for each file. */
const formerSchema = fingerprintSchema.transform((marks): MarkedFolders => tableOf(marks).folders);

const sealSchema = z.object({
  /** Paths that `prepare` made below the sandbox; of a folder that it made only the folder itself. */
  leftovers: z.array(z.string()),
  /** Path from the study's folder -> fingerprint of the fixed data there; absolute in seals of earlier versions. */
  fixed: z.record(z.string(), z.union([foldersSchema, formerSchema])),
  /** What the baseline left of compilers' caches. */
  caches: z.object({ compiled: fingerprintSchema, bytecode: fingerprintSchema }).optional(),
  /** What the script is known to write beside its own files, because the baseline does. */
  habits: z
    .object({
      /** Data files that it changes or adds, from the study's folder. */
      files: z.array(z.string()),
      /** Folders of data that it adds to, from the study's folder. */
      folders: z.array(z.string()),
      /** Fixed files of its own trees that it changes, such as `work/results.csv`. */
      trees: z.array(z.string()),
      /** Files of the scorer's data that it writes to; absent in seals of earlier versions. */
      touched: z.array(z.string()).optional(),
    })
    .optional(),
});
export type Seal = z.infer<typeof sealSchema>;

/** The marks of a root: folder below it -> those of its files. */
export type MarkedFolders = FileTable['folders'];

export interface SealFile {
  /** Whether the base was sealed, in this session or an earlier one. */
  readonly isThere: () => Promise<boolean>;
  readonly write: (seal: Seal) => Promise<void>;
  /** Throws a SettingsError when the file was spoiled. */
  readonly read: () => Promise<Seal>;
  /** Writes the file again when it differs from what this session read or wrote, and then returns its name. */
  readonly mend: () => Promise<string | undefined>;
  /** Removes it. */
  readonly forget: () => Promise<void>;
}

/** The seal of the base in this folder. */
export function createSealFile(baseFolder: string): SealFile {
  const path = join(baseFolder, 'sealed.json');
  let known: { readonly seal: Seal; readonly file: Fingerprint } | undefined;

  const remember = async (seal: Seal) => {
    known = { seal, file: await takeFingerprint(path) };
    return seal;
  };
  const write = async (seal: Seal) => {
    await writeWhole(path, textOf(seal));
    await remember(seal);
  };

  return {
    isThere: async () => known !== undefined || exists(path),
    write,
    read: async () => {
      if (known) return known.seal;
      const file = await readJson(path, sealSchema, maxSealBytes);
      if (file.kind === 'read') return remember(file.value);
      throw unreadable(path, file.kind === 'absent' ? 'no file' : file.found);
    },
    mend: async () => {
      if (!known || (await isUnchanged(path, known.file))) return undefined;
      // Renaming a file over a folder fails, should a script have made one here.
      await rm(path, { recursive: true, force: true });
      await mkdir(baseFolder, { recursive: true });
      await write(known.seal);
      return 'base/sealed.json';
    },
    forget: async () => {
      known = undefined;
      await rm(path, { recursive: true, force: true });
    },
  };
}

function textOf({ fixed, ...seal }: Seal): string {
  const roots = Object.entries(fixed).map(([place, marks]) => [place, [...marks].map(columnsOf)]);
  return JSON.stringify({ ...seal, fixed: Object.fromEntries(roots) });
}

function columnsOf([folder, { names, ctimes, sizes, more }]: readonly [string, FolderFiles]) {
  const hashes = [...more].flatMap(([row, { hash }]) => (hash === undefined ? [] : [[row, hash]]));
  return { folder, names, ctimes, sizes, hashes };
}

function unreadable(path: string, found: string): SettingsError {
  return new SettingsError(`${path} must say what the study's prepared data looked like, found ${found}.`, {
    hint: 'Put the file back from a backup, or start a new study with --tag.',
  });
}
