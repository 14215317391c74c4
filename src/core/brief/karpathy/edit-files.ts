/**
 * Which files a brief without front matter lets its researcher edit, as its prose says: "`train.py` — the file you modify",
 * "ONLY modify `attack.py`. Never touch `prepare.py`".
 */

/** Files that the prose lets edit, with the line that says so first. */
export interface EditableFile {
  readonly file: string;
  readonly line: number;
}

const permits =
  /\b(?:you|agent|agents|llm|researcher)\s+(?:may\s+|can\s+|should\s+|will\s+|must\s+|are\s+allowed\s+to\s+)?(?:only\s+)?(?:edit|edits|modify|modifies|change|changes)\b|\b(?:edit|modify|change)(?:\s+only|\s+and)?\s+(?:freely\s+)?[`*]|\bonly\s+(?:edit|modify|change|file)\b|\b(?:only\s+)?file\s+(?:that\s+)?(?:you|the\s+agent)\b|\beditable\b|\bfile\s+to\s+(?:edit|modify)\b|\b(?:edit|modify)\s+`?[\w./-]+\.\w+/i;
const forbids =
  /\b(?:not|never|cannot|can['’]t|don['’]t|won['’]t|read-?only|frozen|immutable|off.?limits|fixed|without)\b/i;

/** The editable files among `files`, in the prose's order; `folder` is the name of the brief's own folder. */
export function editableFiles(prose: string, files: readonly string[], folder: string): readonly EditableFile[] {
  const votes = new Map<string, { votes: number; line: number }>();
  let isForbidden = false;
  let isPermitted = false;
  for (const [index, line] of prose.split('\n').entries()) {
    if (/^\s{0,3}#|^\s{0,3}\*\*[^*]{1,80}\*\*:?\s*$|^\s{0,3}[^\s`][^`]{0,60}:\s*$/.test(line)) {
      isForbidden = forbids.test(line);
      isPermitted = !isForbidden && /\b(?:edit|modify|change|editable)\b/i.test(line);
    }
    for (const clause of line.replace(/\*+/g, '').split(/[.;][*_"')]{0,3}(?=\s)|(?<=\))\s|\s-\s(?=do not)/i)) {
      for (const file of filesIn(clause, files, folder)) {
        const vote = voteOf(clause, isForbidden, isPermitted);
        const before = votes.get(file) ?? { votes: 0, line: index + 1 };
        votes.set(file, { votes: before.votes + vote, line: before.votes === 0 ? index + 1 : before.line });
      }
    }
  }
  return [...votes].flatMap(([file, { votes: sum, line }]) => (sum > 0 ? [{ file, line }] : []));
}

/**
 * A clause counts by what it says itself, and "only" settles it. Under a heading that forbids, a file counts against itself
 * where the clause speaks of editing or begins with it, not where it is merely named.
 */
function voteOf(clause: string, isForbidden: boolean, isPermitted: boolean): number {
  if (/\bonly\s+(?:edit|modify|change)\b/i.test(clause) && !/\bnot\s+only\b/i.test(clause)) return 10;
  if (forbids.test(clause)) return -1;
  if (isForbidden) return /\b(?:edit|modify|change)\b|^\s*(?:[-*]|\d+\.)\s+`/i.test(clause) ? -1 : 0;
  return permits.test(clause) || isPermitted ? 1 : 0;
}

const textFiles = /\.(?:md|tsv|csv|log|txt|jsonl|lock)$|^(?:pyproject\.toml|requirements\.txt)$/i;

/** The files of the folder that a text names, with or without the folder before them. */
export function filesIn(text: string, files: readonly string[], folder: string): readonly string[] {
  const names = [...text.matchAll(/[\w./-]{1,120}\.\w{1,8}\b/g)].map(([name]) => name.replace(/^\.\//, ''));
  const found = names.flatMap((name) => {
    const own = folder !== '' && name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name;
    return files.includes(own) && !textFiles.test(own) ? [own] : [];
  });
  return [...new Set(found)];
}
