/**
 * With which command a brief without front matter trains, as its prose has it: `uv run train.py > run.log 2>&1`.
 */
import { baseOf } from '../../base/path-text.ts';
import { filesIn } from './edit-files.ts';

/** A command as words, and the line of the prose that has it. */
export interface TrainCommand {
  readonly words: readonly string[];
  /** The file that it starts. */
  readonly file: string;
  readonly line: number;
}

/** The first command of the prose that writes a log of a file of the folder, else the first that starts one. */
export function trainCommand(prose: string, files: readonly string[], folder: string): TrainCommand | undefined {
  const commands = prose.split('\n').flatMap((text, index) =>
    snippetsOf(text).flatMap((snippet) => {
      const parsed = parseCommand(snippet, files, folder);
      return parsed === undefined
        ? []
        : [{ ...parsed, line: index + 1, isLogged: />\s*\S*\.(?:log|txt)\b|\|\s*tee\b/.test(snippet) }];
    }),
  );
  const own = commands.filter(({ file }) => !isHelper(file));
  const [best] = [
    ...own.filter(({ isLogged }) => isLogged),
    ...own,
    ...commands.filter(({ file }) => /^eval/.test(baseOf(file))),
  ];
  return best && { words: best.words, file: best.file, line: best.line };
}

/** What prepares, looks at results, or is a loop of the folder's own. */
function isHelper(file: string): boolean {
  return /^(?:prepare|setup|download|install|eval|evaluate|test|plot|analy[sz]e|run_analysis|reset|report|parse|orchestrat|agent|loop|run_loop|autoresearch)/i.test(
    baseOf(file),
  );
}

/** What stands between backquotes in a line, else the whole line, as in a fenced block. */
function snippetsOf(line: string): readonly string[] {
  const quoted = [...line.matchAll(/`([^`]{3,300})`/g)].map((match) => match[1] ?? '');
  return quoted.length > 0 ? quoted : [line.slice(0, 300)];
}

const starters = /^(?:uv|python|python3|bash|sh|node|\.\/[\w./-]+|(?:\.\/)?\.venv\/bin\/python3?)$/;

function parseCommand(text: string, files: readonly string[], folder: string): Omit<TrainCommand, 'line'> | undefined {
  const bare =
    text
      .trim()
      .replace(/^(?:\d+\.|[-*$>])\s+/, '')
      .replace(/^\**(?:run|launch|execute|command)\**:\**\s+/i, '')
      .replace(/^cd\s+\S+\s*&&\s*/, '')
      .split(/\s*(?:&&|;|\|)\s*|\s&\s/)[0]
      ?.replace(/\s+(?:2>&1|[12&]?>>?\s*\S+|&|#.*)(?=\s|$)/g, '')
      .trim() ?? '';
  if (bare.includes('$(')) return undefined;
  const words = (bare.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  if (!starters.test(words[0] ?? '')) return undefined;
  const own = words.map((word) => ownName(word, files, folder));
  const file = own.find((word) => files.includes(word));
  if (file === undefined || filesIn(file, files, '').length === 0) return undefined;
  return { words: own.map(filled), file };
}

function ownName(word: string, files: readonly string[], folder: string): string {
  const bare = word.replace(/^\.\//, '');
  const inside = folder !== '' && bare.startsWith(`${folder}/`) ? bare.slice(folder.length + 1) : bare;
  return files.includes(inside) ? inside : word;
}

/** A place for the researcher's own words, such as `"<description>"`. */
function filled(word: string): string {
  return /^<[^>]*>$|^\$\{?[A-Z_]+\}?$/.test(word) ? 'nocturne' : word;
}
