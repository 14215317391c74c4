import { describe, expect, test } from 'vitest';
import { closedToRun } from '../../../src/core/run/closed-to-run.ts';

const nothing = { hasNetwork: false, closedPath: () => undefined };
const ofNetwork = /^runs have no network: `network: true`/;

/** The ends of logs as the libraries write them, in a cage whose filter refuses sockets, and in a namespace without a way out. */
const logs: readonly (readonly [string, string])[] = [
  ['urllib', 'urllib.error.URLError: <urlopen error [Errno 1] Operation not permitted>'],
  [
    'requests',
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='ossci-datasets.s3.amazonaws.com', port=443): Max retries exceeded with url: /mnist/train-images-idx3-ubyte.gz (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno 1] Operation not permitted'))",
  ],
  [
    'a socket of one’s own',
    'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n    socket.socket()\n  File "/usr/lib/python3.12/socket.py", line 233, in __init__\n    _socket.socket.__init__(self, family, type, proto, fileno)\nPermissionError: [Errno 1] Operation not permitted\n',
  ],
  ['a name', 'socket.gaierror: [Errno -3] Temporary failure in name resolution'],
  [
    'huggingface_hub',
    "huggingface_hub.errors.LocalEntryNotFoundError: Cannot find the requested files in the disk cache and outgoing traffic has been disabled. To enable hf.co look-ups and downloads online, set 'HF_HUB_OFFLINE' to 0.",
  ],
  [
    'transformers',
    "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
  ],
  ['datasets', "ConnectionError: Couldn't reach 'roneneldan/TinyStories' on the Hub (OfflineModeIsEnabled)"],
  ['curl', 'curl: (6) Could not resolve host: raw.githubusercontent.com'],
  ['wget', "wget: unable to resolve host address 'example.org'"],
  ['torch', '[c10d] The server socket has failed to bind to [::]:29500 (errno: 1 - Operation not permitted).'],
];

describe('a run that failed for want of the network', () => {
  test.each(logs)('is told so, by what %s says', (_, log) => {
    expect(closedToRun(log, nothing)).toMatch(ofNetwork);
    expect(closedToRun(log, { ...nothing, hasNetwork: true })).toBeUndefined();
  });

  test.each([
    ['an error of its own', 'ValueError: loss is nan'],
    ['a file that it may not write', "PermissionError: [Errno 13] Permission denied: 'prepare.py'"],
    ['a priority that it may not take', 'PermissionError: [Errno 1] Operation not permitted: os.nice'],
    ['a missing module', "ModuleNotFoundError: No module named 'requests'"],
    ['a socket of a data loader', 'RuntimeError: DataLoader worker (pid 12) exited unexpectedly with exit code 1'],
  ])('is not thought to where it speaks of %s', (_, log) => {
    expect(closedToRun(log, nothing)).toBeUndefined();
  });
});

describe('a run that failed for want of a path', () => {
  const closed = { ...nothing, closedPath: (path: string) => (path.startsWith('/big/c4') ? '/big/c4' : undefined) };

  test.each([
    ["FileNotFoundError: [Errno 2] No such file or directory: '/big/c4/train.bin'"],
    ["PermissionError: [Errno 13] Permission denied: '/big/c4/train.bin'"],
    ["OSError: Unable to synchronously open file (unable to open file: name = '/big/c4/x.h5', errno = 13)"],
    ['cat: /big/c4/train.txt: Permission denied'],
  ])('is told how to open it: %s', (log) => {
    expect(closedToRun(log, closed)).toBe(
      '/big/c4 is closed to runs, which read what `link: [/big/c4]` in the brief names and write to their own folders alone',
    );
  });

  test('is not told of a path that is not there for the owner either', () => {
    expect(closedToRun("FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/x'", closed)).toBeUndefined();
  });
});
