/**
 * The paths of a study's fixed data as its seal has them: from the study's folder, so that they hold when the project is
 * moved or the study renamed. Earlier versions wrote them whole.
 */
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** A path as the seal has it. */
export function sealedPath(studyFolder: string, path: string): string {
  return relative(studyFolder, path);
}

/** The same paths, whole, where the study's folder is now. */
export function pathsHere(studyFolder: string, sealed: readonly string[]): string[] {
  const former = formerFolder(sealed) ?? studyFolder;
  return sealed.map((path) => resolve(studyFolder, isAbsolute(path) ? relative(former, path) : path));
}

/** Where the study's folder was when an earlier version wrote the seal: it has `data` and `private` beside each other. */
function formerFolder(sealed: readonly string[]): string | undefined {
  return sealed
    .filter((path) => isAbsolute(path))
    .map((path) => dirname(path))
    .find((folder) => sealed.includes(join(folder, 'data')) && sealed.includes(join(folder, 'private')));
}
