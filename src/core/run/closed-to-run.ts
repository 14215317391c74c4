/**
 * Whether a run failed because its isolation closes something to it: the network, or a path of the owner's. It reads the end of the
 * log; what is there, and what is closed, comes from outside.
 */

/** What is known of a run's isolation. */
export interface ClosedToRun {
  readonly hasNetwork: boolean;
  /** How the owner knows a path that the log names, where it is there and closed to the run; undefined for any other. */
  readonly closedPath: (path: string) => string | undefined;
}

/** Why it failed, as the end of a sentence with what to do about it; undefined where nothing speaks for isolation. */
export function closedToRun(log: string, { hasNetwork, closedPath }: ClosedToRun): string | undefined {
  const text = log.slice(-maxCharacters);
  for (const path of pathsDenied(text)) {
    const name = closedPath(path);
    if (name !== undefined)
      return `${name} is closed to runs, which read what \`link: [${name}]\` in the brief names and write to their own folders alone`;
  }
  return !hasNetwork && speaksOfNetwork(text)
    ? 'runs have no network: `network: true` in the brief gives it to them, or fetch it in `prepare`, which has it'
    : undefined;
}

const maxCharacters = 30_000;

/** What the libraries of the field and the C library say where no socket can be made and no name resolved. */
const ofNetwork: readonly RegExp[] = [
  /(?:socket|connect|urlopen|urllib|http|getaddrinfo|c10d|bind|listen)[^\n]{0,300}(?:Operation not permitted|Permission denied|Errno 1\b)/i,
  /(?:Operation not permitted|Permission denied|Errno 1\b)[^\n]{0,300}(?:socket|https?:\/\/|huggingface\.co|:443\b)/i,
  /in (?:socket|create_connection|_create_socket|__init__)\b[\s\S]{0,600}PermissionError: \[Errno 1\] Operation not permitted\s*$/,
  /Name or service not known|Temporary failure in name resolution|nodename nor servname|Could not resolve (?:host|proxy)/i,
  /Network is unreachable|No route to host|NameResolutionError|NewConnectionError|Max retries exceeded with url/i,
  /OfflineModeIsEnabled|LocalEntryNotFoundError|outgoing traffic has been disabled|offline mode is enabled|HF_\w*OFFLINE/i,
  /couldn'?t (?:connect to|reach)|unable to resolve host|Failed to establish a new connection|APIConnectionError|CommError/i,
];

function speaksOfNetwork(text: string): boolean {
  return ofNetwork.some((pattern) => pattern.test(text));
}

/** The absolute paths that the log says could not be opened, the last first. */
function pathsDenied(text: string): readonly string[] {
  const said =
    /(?:Permission denied|Operation not permitted|No such file or directory|FileNotFoundError|does not exist|not found|Read-only file system|Unable to (?:synchronously )?open|cannot open|failed to open)[^\n]*?['"`: ](\/[^'"`\n]+?)['"`,;)]?\s*(?=\n|$|['"`,;)])/gi;
  const before = /(\/[^\s'"`:]+): (?:Permission denied|No such file or directory|Operation not permitted)/g;
  return [...text.matchAll(said), ...text.matchAll(before)].flatMap(([, path]) => path ?? []).toReversed();
}
