/**
 * Loaded before the program (`node --import`): counts its calls that change something outside of it, and kills it at one of them.
 *
 *     NOCTURNE_KILL_AT    the number of the point, from 1
 *     NOCTURNE_KILL_IN    a regular expression: it is killed at the first call that matches
 *     NOCTURNE_KILL_LOG   file to which a line is added for each point: its number, the call and what it is about
 *
 * A point is before a call; within one that writes, when half of it is written; and right after a program was started, before
 * anything was said to it.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const wanted = Number(process.env.NOCTURNE_KILL_AT ?? 0);
const { NOCTURNE_KILL_IN } = process.env;
const wantedCall = NOCTURNE_KILL_IN === undefined ? undefined : new RegExp(NOCTURNE_KILL_IN);
const log = process.env.NOCTURNE_KILL_LOG;
const { openSync, writeSync } = fs;
const logFile = log === undefined ? undefined : openSync(log, 'a');
let points = 0;

/** Counts a point; true when it is the one at which the program dies. */
function isPoint(what) {
  points += 1;
  if (logFile !== undefined) writeSync(logFile, `${points}\t${what}\n`);
  return points === wanted || wantedCall?.test(what.trim()) === true;
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}

function before(what) {
  if (isPoint(what)) die();
}

const textOf = (value) => (typeof value === 'string' || value instanceof URL ? String(value) : '');
const isWritten = (flags) => (typeof flags === 'string' ? /[wa+]/.test(flags) : (flags & 3) !== 0);

/** Wraps a function of an object so that `act` is called with its arguments first. */
function wrap(object, name, act) {
  const original = object[name];
  if (typeof original !== 'function') return;
  object[name] = function wrapped(...args) {
    act(name, args, this);
    return original.apply(this, args);
  };
}

const changing = [
  'appendFile',
  'chmod',
  'copyFile',
  'cp',
  'link',
  'lchown',
  'chown',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
];
const described = (name, args) => `${name} ${args.slice(0, 2).map(textOf).filter(Boolean).join(' -> ')}`;
for (const name of changing) {
  wrap(fs.promises, name, (_, args) => before(described(name, args)));
  wrap(fs, `${name}Sync`, (_, args) => before(described(name, args)));
}

function halfOf(data) {
  const bytes =
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function writeWholeFile(name, args) {
  const path = textOf(args[0]);
  if (path === '') return;
  before(`${name} ${path}`);
  if (isPoint(`${name}, half written ${path}`)) {
    writeSync(openSync(path, 'w'), halfOf(args[1]));
    die();
  }
}
wrap(fs.promises, 'writeFile', writeWholeFile);
wrap(fs, 'writeFileSync', writeWholeFile);
wrap(fs, 'writeSync', (_, args) => {
  if (args[0] > 2) before('writeSync');
});
wrap(fs, 'createWriteStream', (_, args) => before(`createWriteStream ${textOf(args[0])}`));
wrap(fs, 'openSync', (_, args) => {
  if (isWritten(args[1] ?? 'r')) before(`openSync ${textOf(args[0])}`);
});

const open = fs.promises.open;
let isHandleWrapped = false;
fs.promises.open = async function opened(...args) {
  if (isWritten(args[1] ?? 'r')) before(`open ${textOf(args[0])}`);
  const handle = await open.apply(this, args);
  if (!isHandleWrapped) wrapHandles(Object.getPrototypeOf(handle));
  return handle;
};

function wrapHandles(prototype) {
  isHandleWrapped = true;
  for (const name of ['appendFile', 'truncate', 'datasync', 'sync', 'writeFile', 'writev'])
    wrap(prototype, name, () => before(`handle.${name}`));
  wrap(prototype, 'write', (_, args, handle) => {
    before('handle.write');
    if (isPoint('handle.write, half written')) {
      writeSync(handle.fd, halfOf(args[0]));
      die();
    }
  });
}

/** Commands of git that only read, but for what a lock or an index would show. */
const reading = new Set(
  'cat-file check-ignore config diff diff-tree for-each-ref grep ls-files ls-tree log merge-base rev-list rev-parse show status symbolic-ref var version'.split(
    ' ',
  ),
);

function describeProgram(file, args = []) {
  const words = Array.isArray(args) ? args.map(String) : [];
  if (!/(^|\/)git$/.test(file)) return `${file} ${words.slice(0, 7).join(' ')}`;
  const verb = words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '-c') ?? '';
  return reading.has(verb) ? undefined : `git ${verb}`;
}

const spawn = childProcess.spawn;
childProcess.spawn = function spawned(file, args, ...rest) {
  const what = describeProgram(String(file), args);
  if (what !== undefined) before(`spawn ${what}`);
  const child = spawn.call(this, file, args, ...rest);
  if (what !== undefined && isPoint(`spawned, nothing said yet: ${what}`)) die();
  return child;
};

syncBuiltinESMExports();
