/**
 * The one way this program runs git: through simple-git, with an environment and a configuration of its own.
 *
 * Nothing of the caller's GIT_* variables, hooks, editor, pager or background maintenance reaches a command;
 * the user's own configuration does, since it says who the user is and how files are checked out.
 */
import { simpleGit } from 'simple-git';
import { WorkspaceError } from '../../core/base/errors.ts';
import { fullBytes, isFullDiskText } from '../../core/base/full-disk.ts';
import { freeBytes } from '../files/has-room.ts';
import { unlessAborted } from '../unless-aborted.ts';

export interface GitCall {
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the command; for commands that wait for a server. */
  readonly signal?: AbortSignal;
}

export interface Git {
  readonly folder: string;
  /** Gives a command's output; exit code 1 without output is a "no" and gives ''. Other failures: a WorkspaceError. */
  readonly run: (args: readonly string[], call?: GitCall) => Promise<string>;
  /** The same for `cat-file`, whose output is bytes. */
  readonly catFile: (args: readonly string[], call?: GitCall) => Promise<Buffer>;
}

/** Git in a folder that exists. */
export function openGit(folder: string): Git {
  return {
    folder,
    run: (args, call = {}) =>
      // A child of git may hold the output open after git itself was ended.
      translated(folder, args, () => unlessAborted(call.signal, async () => command(folder, call).raw([...args]))),
    catFile: (args, call = {}) =>
      translated(folder, ['cat-file', ...args], async () => await command(folder, call).binaryCatFile([...args])),
  };
}

const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.fsync=all',
  'core.quotePath=false',
  'core.splitIndex=false',
  'commit.gpgsign=false',
  'gc.auto=0',
  // A server that sends nothing for 60 s is given up: git's HTTP helper goes on after git itself was ended.
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=60',
  'i18n.commitEncoding=UTF-8',
  'maintenance.auto=false',
  'submodule.recurse=false',
];

const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

/** What git needs from the caller: where programs are, and where the user's configuration is. */
const INHERITED = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
];

/** simple-git refuses GIT_* variables that are not named here. */
const ALLOWED = [
  ...INHERITED.filter((name) => name.startsWith('GIT_')),
  ...Object.keys(ENVIRONMENT).filter((name) => name.startsWith('GIT_')),
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_DATE',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_COMMITTER_DATE',
  'GIT_INDEX_FILE',
  'GIT_WORK_TREE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ASKPASS',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
];

function command(folder: string, { input, environment, signal }: GitCall) {
  const git = simpleGit({
    baseDir: folder,
    ...(signal === undefined ? {} : { abort: signal }),
    config: CONFIG,
    allowEnvironment: ALLOWED,
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeSshCommand: true,
      allowUnsafeAskPass: true,
    },
    // Wait until the output closes, not until git exits: on a busy machine the output may come after the exit.
    completion: { onClose: true, onExit: false },
    errors: (error, { exitCode, stdErr, stdOut }) => {
      const said = Buffer.concat([...stdErr, ...stdOut]);
      const isAnswer = exitCode === 0 || (exitCode === 1 && said.length === 0);
      return error ?? (isAnswer ? undefined : Buffer.concat([said, Buffer.from(`(exit ${exitCode})`)]));
    },
    // Of a text that is empty simple-git makes no end of input, and git would wait for one.
    input: () => input || Buffer.alloc(0),
  });
  return git.env({ ...inherited(), ...ENVIRONMENT, ...environment }).outputHandler((_command, stdout) => {
    // simple-git waits another 50 ms after a command that printed nothing; an empty chunk spares that.
    setImmediate(() => stdout.emit('data', Buffer.alloc(0)));
  });
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function translated<Result>(
  folder: string,
  args: readonly string[],
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.trim() : String(cause);
    if (said.includes('spawn git ENOENT')) {
      throw new WorkspaceError('Git was not found on PATH', { hint: 'Install git 2.30 or later.', cause });
    }
    if (isFullDiskText(said) || (failedWrite.test(said) && (await freeBytes(folder)) < fullBytes)) {
      throw new WorkspaceError(`Git could not write in ${folder}: no room is left on its disk`, {
        hint: 'Make room on it, and run it again.',
        // Git's own words may not have the reason, by which a full disk is known.
        cause: new Error('no space left on device', { cause }),
      });
    }
    throw new WorkspaceError(`Git ${verbOf(args)} failed in ${folder}: ${said.slice(0, 2000)}`, { cause });
  }
}

/** Some of what git says when it could not write, without the reason. */
const failedWrite = /unable to (?:write|create)|write error|cannot (?:update|lock) ref|could not write/i;

/** Git's command, which stands behind settings: `-c key=value` each. */
function verbOf(args: readonly string[]): string {
  return args.find((arg, index) => arg !== '-c' && args[index - 1] !== '-c') ?? '';
}
