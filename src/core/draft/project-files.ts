/**
 * What is known of a project before anything of it runs: its files, as text where they are read.
 */

/** A text file of the project; its path is relative to the folder that is looked at, `/`-separated. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/** The folder that a path lies in; `.` at the top. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at === -1 ? '.' : path.slice(0, at);
}

/** A path below a folder, without `.` and `..` segments; undefined where it leaves the project. */
export function joined(folder: string, path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of `${folder}/${path}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/') || '.';
}
