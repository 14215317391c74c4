/**
 * Keeps the machine from falling asleep when it is idle, where the system offers that: systemd-inhibit on Linux,
 * caffeinate on macOS. Elsewhere, or where it is refused, nothing happens and nothing is said.
 */
import { spawn } from 'node:child_process';

export interface Wakefulness {
  /** Lets the machine sleep again. */
  readonly release: () => void;
}

/** Holds until released, and at the latest until this process is gone; `why` is what the system tells who asks. Never throws. */
export function keepAwake(why: string): Wakefulness {
  const [program, ...args] = commandFor(process.platform, why);
  if (program === undefined) return { release: () => {} };
  const helper = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name))),
    // Ctrl-C and a closed terminal are not meant for it: the bookkeeping that follows still keeps the machine awake.
    detached: true,
  });
  // It is not installed, or has ended because there is no systemd to ask.
  helper.on('error', () => {});
  helper.stdin.on('error', () => {});
  helper.unref();
  if ('unref' in helper.stdin && typeof helper.stdin.unref === 'function') helper.stdin.unref();
  return {
    release: () => {
      helper.stdin.end();
      helper.kill();
    },
  };
}

/** Where programs and the system's bus are. */
const needed = /^(?:PATH|HOME|XDG_RUNTIME_DIR|DBUS_\w+)$/;

/** What holds the machine awake; nothing where the platform has no such program. */
function commandFor(platform: NodeJS.Platform, why: string): readonly string[] {
  switch (platform) {
    case 'linux':
      // It holds for as long as its command runs: `cat` ends with our end of its pipe, also when this process is killed.
      return ['systemd-inhibit', '--what=idle:sleep', '--who=nocturne', `--why=${why}`, '--mode=block', 'cat'];
    case 'darwin':
      return ['caffeinate', '-i', '-w', String(process.pid)];
    default:
      return [];
  }
}
