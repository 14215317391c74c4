/**
 * Why a script that works in the owner's checkout may fail in a run: what the checkout has and a run lacks, with the line of
 * the brief that mends it. What the log speaks of comes first. It only reads texts; the facts come from outside.
 */
/** What a run lacks or is not given. Paths are relative to the sandbox and `/`-separated. */
export interface Absent {
  /** Files and folders that git ignores or does not track, but for those that are linked; folders end with `/`. */
  readonly untracked: readonly string[];
  /** Tracked paths of the repository that no run is given, because they are neither in the sandbox nor included. */
  readonly outside: readonly string[];
  /** Tracked symbolic links to something that a run does not get; to folders with a `/`. */
  readonly leading: readonly string[];
  /** Submodules without their files. */
  readonly emptySubmodules: readonly string[];
  /** Tracked files that are pointers of Git LFS, whose content was not fetched. */
  readonly pointers: readonly string[];
  /** Variables that runs do not get; `isKey` for those that `env:` does not take. */
  readonly variables: readonly { readonly name: string; readonly isKey: boolean }[];
}

/** A failure as the owner sees it: why the run has no score, and the end of its log. */
export interface Failure {
  readonly reason: string;
  readonly log: string;
}

/** One line for each thing that may be the cause, most likely first; at most 8. */
export function explainFailure({ reason, log }: Failure, absent: Absent): string[] {
  const text = `${reason}\n${log}`;
  const named = [...moduleLines(text, absent), ...fileLines(text, absent), ...variableLines(text, absent)];
  // A training that came to a score, if to none that counts, lacked nothing that it did not speak of.
  const others = diverged.test(reason) ? [] : generalLines(text, absent);
  return [...new Set([...named, ...others])].slice(0, maxLines);
}

const diverged = /is not a finite number|is printed without a number/;

const maxLines = 8;

function moduleLines(text: string, { untracked, outside, emptySubmodules }: Absent): string[] {
  return matches(text, /No module named '([\w.]+)'/g).map((name) => {
    const top = name.split('.')[0] ?? name;
    const isModule = (path: string) => [`${top}/`, `${top}.py`].includes(lastPart(path));
    const tracked = outside.find(isModule);
    if (tracked !== undefined)
      return `\`${name}\` is in the repository and not in a run: \`include: [${toInclude(tracked)}]\`.`;
    const own = untracked.find(isModule);
    if (own !== undefined) return `\`${name}\` is not in git, so not in a run: commit ${own}, or \`link: [${own}]\`.`;
    // What an empty submodule would bring is not known: it comes first, and the package index after it.
    if (emptySubmodules.length > 0) return submoduleLine(emptySubmodules[0] ?? '');
    return `\`${name}\` is no module that this Python has: install it there, or name another Python with --python.`;
  });
}

function fileLines(text: string, { untracked, outside, leading }: Absent): string[] {
  const quoted = matches(text, /No such file or directory:? '?([^'\n]+?)'?$/gm);
  const spoken = [
    ...quoted,
    ...matches(text, /(?:FileNotFoundError|not found|does not exist)[^\n]*?['"`]([^'"`\n]+)['"`]/gi),
  ];
  return spoken.flatMap((path) => {
    const plain = path.replace(/^\.\//, '');
    const holds = (entry: string) =>
      isSame(entry, plain) || (entry.endsWith('/') && isBelow(entry, plain)) || isBelow(`${plain}/`, entry);
    const away = leading.find(holds)?.replace(/\/$/, '');
    if (away !== undefined)
      return [
        `\`${away}\` is a link to what a run does not have: \`link: [${away}]\` shows it what the link leads to.`,
      ];
    const own = untracked.filter(holds);
    const [first] = own;
    // Of several files in a folder that git tracks in part, the folder is linked: what git tracks stays the commit's.
    const link = own.length > 1 ? commonFolder(own) : first;
    if (link !== undefined)
      return [`\`${plain}\` is not in git, so not in a run: \`link: [${link.replace(/\/$/, '')}]\` shows it to runs.`];
    const tracked = outside.find(holds);
    return tracked === undefined
      ? []
      : [`\`${plain}\` is in the repository and not in a run: \`include: [${toInclude(tracked)}]\`.`];
  });
}

function variableLines(text: string, { variables }: Absent): string[] {
  return variables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text)).map(variableLine);
}

function variableLine({ name, isKey }: Absent['variables'][number]): string {
  return isKey
    ? `The variable ${name} looks like a key, and a run sees no keys: read it in \`prepare\` or do without it.`
    : `The variable ${name} is not passed on to runs: \`env: [${name}]\` passes it.`;
}

function submoduleLine(path: string): string {
  return `The submodule ${path} is empty: \`git submodule update --init\` fills it.`;
}

/** What else differs, in one line each, whether or not the log speaks of it. */
function generalLines(text: string, { emptySubmodules, pointers, untracked, variables }: Absent): string[] {
  const plain = likeliestFirst(
    text,
    variables.filter(({ isKey }) => !isKey).map(({ name }) => name),
  );
  const [likeliest = ''] = plain;
  const example = plain.length > 1 && rankOf(text, likeliest) === unlikely ? 'NAME' : likeliest;
  const folders = untracked.map((path) => path.replace(/\/$/, ''));
  return [
    ...emptySubmodules.map(submoduleLine),
    ...(pointers.length > 0
      ? [`${some(pointers)}: Git LFS has left a pointer in place of the content: \`git lfs pull\`.`]
      : []),
    ...(folders.length > 0
      ? [`Not in git, so not in a run: ${some(folders)}; \`link: [${folders[0]}]\` shows one to runs.`]
      : []),
    ...(plain.length > 0 ? [`Variables that runs do not get: ${some(plain)}; \`env: [${example}]\` passes one.`] : []),
  ];
}

/** Words of variables that a training reads, the surest first. */
const trainingWords = [
  /(?:^|_)(?:DATA|DATASETS?|CORPUS|TRAIN\w*|CKPT|CHECKPOINTS?|WEIGHTS|PRETRAINED|MODELS?|TOKENI[SZ]ER|EXPERIMENTS?|KAGGLE|S3|GCS)(?:_|$)|(?:DATA|MODEL|CKPT)(?:DIR|PATH|ROOT|HOME)$/i,
  /(?:^|_)(?:CONFIG|CFG|SETTINGS|SEED|EPOCHS?|BATCH\w*|LR|DEVICES?|RANK|MASTER|SCRATCH|PROJECT|WORKSPACE|ROOT|OUTPUT|RESULTS?|STAGE)(?:_|$)|(?:DIR|PATH|ROOT|HOME)$/i,
];
const unlikely = 4;

/** How likely its absence is the cause, 0 the likeliest: the log names it, or speaks of its words, or training reads such. */
function rankOf(text: string, name: string): number {
  if (new RegExp(`\\b${name}\\b`).test(text)) return 0;
  const words = trainingWords.findIndex((each) => each.test(name));
  if (words === -1) return unlikely;
  const spoken = new Set(text.toLowerCase().match(/[a-z0-9]{4,}/g) ?? []);
  const parts = name.toLowerCase().split('_');
  return parts.some((part) => part.length >= 4 && spoken.has(part)) ? 1 : 2 + words;
}

function likeliestFirst(text: string, names: readonly string[]): string[] {
  return names.toSorted((one, other) => rankOf(text, one) - rankOf(text, other));
}

function some(names: readonly string[]): string {
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, found]) => (found === undefined ? [] : [found])))];
}

function lastPart(path: string): string {
  return /[^/]+\/?$/.exec(path)?.[0] ?? path;
}

/** `include:` names the path without its slash. */
function toInclude(path: string): string {
  return path.replace(/\/$/, '');
}

function isSame(entry: string, path: string): boolean {
  return entry.replace(/\/$/, '') === path.replace(/\/$/, '');
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder);
}

function commonFolder(paths: readonly string[]): string | undefined {
  const [first = ''] = paths;
  const folders = first.split('/').slice(0, -1);
  while (folders.length > 0 && !paths.every((path) => path.startsWith(`${folders.join('/')}/`))) folders.pop();
  return folders.length > 0 ? folders.join('/') : first;
}
