/**
 * What an owner hands in, read into the editable files as they are to be run.
 */
import { applyPatch, parsePatch } from 'diff';

type Files = Readonly<Record<string, string>>;

export type HandInReading =
  | { readonly kind: 'read'; readonly files: Files }
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether a text is a unified diff rather than a file. */
export function looksLikeDiff(text: string): boolean {
  return /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/m.test(text) && /^--- /m.test(text);
}

/**
 * The base with a unified diff applied; refused, whole, where it names another file or does not fit. `sandbox` is the
 * folder's path, which the diff of a repository puts before a file's path.
 */
export function applyHandedDiff(base: Files, text: string, sandbox: string): HandInReading {
  let patches: ReturnType<typeof parsePatch>;
  try {
    patches = parsePatch(text);
  } catch (error) {
    return refused(`the diff cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const files: Record<string, string> = { ...base };
  for (const patch of patches) {
    const names = [patch.newFileName, patch.oldFileName].flatMap((name) =>
      name === undefined || name === '/dev/null' ? [] : [name],
    );
    const file = fileChanged(Object.keys(base), names, patch.isGit === true, sandbox);
    if (file === undefined) return refused(`the diff changes ${plainName(names[0] ?? '')}`);
    const patched = applyPatch(files[file] ?? '', patch);
    if (patched === false) return refused(`the diff does not apply to ${file}`);
    files[file] = patched;
  }
  return patches.length === 0 ? refused('the diff changes nothing') : { kind: 'read', files };
}

/** Git names a file twice unless it was moved; `diff -u` names the file and its edited copy, whatever that is called. */
function fileChanged(
  editable: readonly string[],
  names: readonly string[],
  isGit: boolean,
  sandbox: string,
): string | undefined {
  const [first, ...others] = names.map((name) => editableNamed(editable, name, sandbox));
  return first ?? (isGit ? undefined : others.find((file) => file !== undefined));
}

/** The editable file that a path means, from the sandbox or from the repository's top; undefined for none. */
export function editableNamed(editable: readonly string[], path: string, sandbox: string): string | undefined {
  const bare = plainName(path);
  const inSandbox = sandbox === '.' ? '' : `${sandbox}/`;
  const readings = [path.trim(), bare, bare.startsWith(inSandbox) ? bare.slice(inSandbox.length) : bare];
  return readings.find((name) => editable.includes(name));
}

/** A diff's file name without what git and `diff -u` add to it. */
function plainName(name: string): string {
  return name
    .replace(/\t.*$/, '')
    .trim()
    .replace(/^(?:[abciow]|\.)\//, '');
}

function refused(reason: string): HandInReading {
  return { kind: 'refused', reason };
}
