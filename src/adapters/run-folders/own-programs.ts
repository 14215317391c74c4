/**
 * Our own programs that the processes of runs load: what a run does to them would be done to every later run.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudyError } from '../../core/base/errors.ts';
import { pathInside } from '../files/path-inside.ts';
import { packagePath } from '../package-root.ts';
import { type Fingerprint, takeFingerprint } from './fingerprint.ts';
import { type SealedPlace, sealedFolder } from './sealed-places.ts';

export interface OwnPrograms {
  /** As they were when this session first asked. */
  readonly sealed: () => Promise<readonly SealedPlace[]>;
  /** The name of a path of theirs, such as `nocturne/startup/sitecustomize.py`; undefined for any other path. */
  readonly nameOf: (path: string) => string | undefined;
  /** Whether the package is another one than this session began with: an update, and no doing of a run. */
  readonly isReplaced: () => Promise<boolean>;
  /** Throws where they are not as this session began with: no run is to start with what another one may have left. */
  readonly check: () => Promise<void>;
}

/** The programs in this folder, of the package that this manifest describes. */
export function createOwnPrograms(
  folder = packagePath('src', 'python'),
  manifest = packagePath('package.json'),
): OwnPrograms {
  let known: Promise<{ readonly marks: Fingerprint; readonly release: string }> | undefined;
  const look = async () => ({ marks: await takeFingerprint(folder), release: await readFile(manifest, 'utf8') });
  const remembered = () => {
    known ??= look();
    return known;
  };
  return {
    sealed: async () => {
      const { marks } = await remembered();
      // Every Python process of a run loads what is there by name, so nothing may be added.
      const ofStartup = Object.entries(marks).flatMap(([path, mark]) =>
        path.startsWith('startup/') ? [[path.slice('startup/'.length), mark] as const] : [],
      );
      return [
        { ...sealedFolder(folder, marks), isWhole: false },
        sealedFolder(join(folder, 'startup'), Object.fromEntries(ofStartup)),
      ];
    },
    nameOf: (path) => {
      const inside = pathInside(folder, path);
      return inside === undefined ? undefined : join('nocturne', inside);
    },
    isReplaced: async () => {
      const release = await readFile(manifest, 'utf8').catch(() => '');
      return release !== (await remembered()).release;
    },
    check: async () => {
      const { marks } = await remembered();
      const now = await takeFingerprint(folder);
      const paths = new Set([...Object.keys(marks), ...Object.keys(now)]);
      const changed = [...paths].find((path) => marks[path]?.hash !== now[path]?.hash);
      if (changed !== undefined) throw programChanged(join(folder, changed));
    },
  };
}

function programChanged(path: string): StudyError {
  return new StudyError(`Nocturne's own ${path} changed while the study ran.`, {
    hint: 'Run the study again, and it goes on with what is there now. If you did not update Nocturne, a run did this: install it anew first.',
  });
}
