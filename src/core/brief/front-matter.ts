/**
 * Splits a brief into its YAML front matter and its prose, and remembers on which line every value stands.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { BriefError } from '../base/errors.ts';
import { quoted } from '../base/read-result.ts';

/** Where a value stands: keys and list positions from the top. */
export type ValuePath = readonly PropertyKey[];

export interface FrontMatter {
  /** The settings as plain data; nothing has checked them. */
  readonly values: Record<string, unknown>;
  readonly prose: string;
  /** The line, in the brief, of a key or list item; of what would hold it when it is absent. */
  readonly lineOf: (path: ValuePath) => number;
  /** The value as it is written; empty when it is absent. */
  readonly sourceOf: (path: ValuePath) => string;
  /**
   * The entries of a map as they are written, a text's quotes apart. In braces a comma ends a value, so what follows one and
   * has no value of its own belongs to it: `{ opt: adam in choice adam, sgd }`. Undefined where the value is no map.
   */
  readonly textsOf: (path: ValuePath) => Readonly<Record<string, string>> | undefined;
  /** The comment behind the value on its line; empty when there is none. */
  readonly commentOf: (path: ValuePath) => string;
  /** The line, in the brief, of a character of the prose. */
  readonly lineOfProse: (at: number) => number;
}

const opening = /^\uFEFF?(?:[ \t]*\r?\n)*---[ \t]*(?:\r?\n|$)/;

/** Whether a brief begins with front matter; one without may be karpathy-shaped. */
export function hasFrontMatter(text: string): boolean {
  return opening.test(text);
}

/** Reads the front matter of a brief that has one. */
export function readFrontMatter(text: string, where: string): FrontMatter {
  const { yaml, startLine, prose, proseLine } = splitFrontMatter(text, where);
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineAt = (offset: number) => startLine + lines.linePos(offset).line;
  const error = document.errors[0] ?? document.warnings[0];
  if (error !== undefined) throw syntaxError(error, yaml, `${where} line ${lineAt(error.pos[0])}`);
  const top = document.contents;
  if (top !== null && !isMap(top) && !(isScalar(top) && top.value === null)) {
    const found = quoted(sourceOf(top, yaml));
    throw new BriefError(
      `${where} line ${lineAt(top.range[0])}: the front matter must be \`key: value\` lines, found ${found}`,
    );
  }
  refuseAliases(document, yaml, (offset) => `${where} line ${lineAt(offset)}`);
  const spotOf = (path: ValuePath) => findSpot(isMap(top) ? top : null, path);
  return {
    values: document.toJS() ?? {},
    prose,
    lineOf: (path) => {
      const { offset } = spotOf(path);
      return offset === undefined ? startLine : lineAt(offset);
    },
    sourceOf: (path) => sourceOf(spotOf(path).node, yaml),
    textsOf: (path) => textsOf(spotOf(path).node, yaml),
    commentOf: (path) => spotOf(path).node?.comment?.trim() ?? '',
    lineOfProse: (at) => proseLine + prose.slice(0, at).split('\n').length - 1,
  };
}

/** `startLine` is the line of the opening `---`, `proseLine` that of the first line of the prose. */
function splitFrontMatter(
  text: string,
  where: string,
): { yaml: string; startLine: number; prose: string; proseLine: number } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() !== '');
  if (!hasFrontMatter(text)) {
    throw new BriefError(`${where} line 1: a brief must begin with front matter, found no line \`---\``, {
      hint: 'Begin with `---`, a line `metric: <name>`, a line `goal: minimize` or `goal: maximize`, and another `---`.',
    });
  }
  const end = lines.findIndex((line, index) => index > start && /^---\s*$/.test(line));
  if (end === -1) {
    throw new BriefError(
      `${where} line ${start + 1}: the front matter must end with a second line \`---\`, found none`,
    );
  }
  const blank = lines.slice(end + 1).findIndex((line) => line.trim() !== '');
  return {
    yaml: lines.slice(start + 1, end).join('\n'),
    proseLine: end + 2 + Math.max(0, blank),
    startLine: start + 1,
    prose: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  };
}

/** The deepest node on the way to `path`, and where its key begins; no node when a map or list lacks the next step. */
function findSpot(top: Node | null, path: ValuePath): { node: Node | null; offset: number | undefined } {
  let node = top;
  let offset: number | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) return { node: null, offset };
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else return { node, offset };
  }
  return { node, offset };
}

function sourceOf(node: Node | null, yaml: string): string {
  return yaml.slice(node?.range?.[0] ?? 0, node?.range?.[1] ?? 0).trim();
}

function textsOf(node: Node | null, yaml: string): Readonly<Record<string, string>> | undefined {
  if (!isMap(node)) return undefined;
  const texts = new Map<string, string>();
  let last: string | undefined;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.source ?? key.value) : '';
    const own = isScalar(value) && value.value !== null ? value : undefined;
    const before = last === undefined ? undefined : texts.get(last);
    if (node.flow && own === undefined && last !== undefined && before !== undefined)
      texts.set(last, `${before}, ${name}`);
    else {
      texts.set(name, own?.type === 'PLAIN' ? sourceOf(own, yaml) : String(own?.value ?? ''));
      last = name;
    }
  }
  return Object.fromEntries(texts);
}

/** An unquoted `*.py` or `&x` is an alias or an anchor to YAML; a brief has no use for either. */
function refuseAliases(document: Document, yaml: string, whereAt: (offset: number) => string): void {
  visit(document, {
    Node: (_, node) => {
      const isAnchored = !isAlias(node) && node.anchor !== undefined;
      if (!isAlias(node) && !isAnchored) return;
      const found = isAlias(node) ? sourceOf(node, yaml) : `&${node.anchor}`;
      const message = `${whereAt(node.range?.[0] ?? 0)}: a value must not begin with \`*\` or \`&\`, found ${quoted(found)}`;
      throw new BriefError(message, { hint: 'Put the value in quotes.' });
    },
  });
}

const sentences: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'every key must be given once, found a second',
  TAB_AS_INDENT: 'lines must be indented with spaces, found a tab before',
  BAD_DQ_ESCAPE: 'a backslash in double quotes must be written twice, found',
  BLOCK_AS_IMPLICIT_KEY: 'a value with `: ` in it must be in quotes, found',
  BAD_SCALAR_START: 'a value that begins with a special character must be in quotes, found',
  MULTILINE_IMPLICIT_KEY: 'a setting must be `key: value` on one line, found',
  MULTIPLE_DOCS: 'the front matter must have no line `...`, found one before',
  TAG_RESOLVE_FAILED: 'a value must not begin with `!`, found',
};

const hints: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'Inside { } a comma ends a value: put one that has commas in quotes.',
  BAD_DQ_ESCAPE: "Write it in single quotes, as in pattern: 'acc=(\\S+)'.",
};

function syntaxError(error: YAMLError, yaml: string, where: string): BriefError {
  const rest = yaml.slice(error.pos[0]).split('\n')[0]?.trim() ?? '';
  const found = rest === '' ? 'its end' : quoted(rest);
  const sentence = sentences[error.code];
  const hint = hints[error.code];
  const message =
    sentence === undefined
      ? `${where}: the front matter must be valid YAML, found ${found} (${error.message})`
      : `${where}: ${sentence} ${found}`;
  return new BriefError(message, { cause: error, ...(hint !== undefined && { hint }) });
}
