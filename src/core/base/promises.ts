/**
 * What each tier of isolation promises, point by point, in words that probes prove: one table for docs/trust.md, for what is taken
 * as a tier at the start, and for the tests. The probes are those of `src/python/canaries/`.
 */
import type { Tier } from './names.ts';

interface TierPromise {
  /** What training code cannot do; it stands after "Training code". */
  readonly words: string;
  /** All of them are stopped where the promise holds. */
  readonly probes: readonly string[];
  /** The tiers that hold it everywhere. */
  readonly tiers: readonly Tier[];
  /** Further tiers that hold it, each under a condition. */
  readonly also?: Readonly<Partial<Record<Tier, Condition>>>;
}

/** What a promise of some tiers depends on. */
export type Condition =
  | 'as root'
  | 'from Linux 6.12 on'
  | 'as root, from Linux 6.12 on'
  | 'unless it keeps CAP_DAC_OVERRIDE'
  | 'with an ordinary /proc';

const fromSeccomp: readonly Tier[] = ['seccomp', 'user', 'landlock', 'landlock-user', 'namespaces'];
const withUser: readonly Tier[] = ['user', 'landlock-user', 'namespaces'];
const withPaths: readonly Tier[] = ['landlock', 'landlock-user', 'namespaces'];
const inUserOrPaths: readonly Tier[] = ['user', ...withPaths];

/** The promises, from the one that the most tiers hold. */
export const promises = [
  {
    words: 'reaches no other machine, and no program of this one by network',
    probes: [
      'connect to a program on this machine',
      'connect to another machine',
      'connect to another machine by IPv6',
      'talk to the host of a virtual machine',
      'read raw packets',
      "hear the kernel's events",
      "use the kernel's ciphers",
      'talk to Bluetooth devices',
    ],
    tiers: fromSeccomp,
  },
  {
    words: 'makes and enters no namespaces or mounts, and gains no rights',
    probes: [
      'make a namespace',
      'enter another namespace',
      'start a process in a namespace',
      'start a process in a namespace by clone3',
      'mount',
      'open a file system',
      'change its root',
      'open a file by its number',
      'be the root of this machine',
      'call the kernel by its other numbers',
      'type into a terminal',
    ],
    tiers: fromSeccomp,
  },
  {
    words: "reaches none of the kernel's parts that a training has no use for, nor its clock, log and disks",
    probes: [
      'use io_uring',
      'load a program into the kernel',
      "count the kernel's events",
      'handle page faults',
      'watch all files',
      'compare two processes',
      'load a module',
      'restart the machine',
      'rename the machine',
      'swap to a file',
      "read the kernel's log",
      'set the clock',
      'raise its priority',
      'run before all others',
      'open a disk',
    ],
    tiers: fromSeccomp,
  },
  {
    words: 'traces no other process and takes neither its memory nor its files',
    probes: [
      'trace the controller',
      "copy from the controller's memory",
      'take a file from the controller',
      'limit the controller',
      'signal everybody',
    ],
    tiers: fromSeccomp,
  },
  {
    words: 'leaves nothing in the kernel for a later run',
    probes: [
      'keep a key in the kernel',
      'leave shared memory of System V',
      'leave a semaphore of System V',
      'leave a queue of messages',
    ],
    tiers: fromSeccomp,
  },
  {
    words: 'sees no variables, memory or open files of the controller',
    probes: [
      "read the controller's variables",
      "read the controller's memory map",
      "open the controller's memory",
      "see the controller's open files",
      "enter the controller's folder",
      'read through the controllers root',
    ],
    tiers: inUserOrPaths,
    also: { seccomp: 'as root' },
  },
  {
    words: 'leaves nothing in /tmp and /dev/shm for a later run',
    probes: ['leave a file in /tmp', 'leave a file in /var/tmp', 'leave shared memory'],
    tiers: inUserOrPaths,
  },
  {
    words:
      'changes no file but its own: not the study, its journal, inbox and data, not your checkout, git, home and packages, no other run',
    probes: [
      'create in the study',
      'create in the owners home',
      'create in site packages',
      'create in the program',
      'create beside the data',
      'create a git hook',
      'create a git ref',
      'create in the score tree',
      'hand in an experiment',
      'write the runs result',
      'change private data',
      'change the data',
      'change earlier weights',
      'change the owners checkout',
      'change the git config',
      'change the journal',
      'change the runs spec',
      'change the score tree',
      'truncate the journal',
      'delete the journal',
      'move the work tree away',
      'change a setting of the kernel',
      'make a control group',
    ],
    tiers: inUserOrPaths,
  },
  {
    words: 'reads no keys of yours',
    probes: ['read a key file', 'list the owners home', 'read the shadow file'],
    tiers: inUserOrPaths,
  },
  {
    words: 'reads no private data, no earlier weights and no journal',
    probes: [
      'read private data',
      'read private data through a link',
      'list private data',
      'read earlier weights',
      'list earlier runs',
      'read the journal',
    ],
    tiers: withPaths,
  },
  {
    words: 'ends, slows down and offers to the OOM killer no process of others',
    probes: [
      'signal the controller',
      'signal the controller by a descriptor',
      'signal the supervisor',
      'slow the controller down',
      'bind the controller to one core',
      'offer the controller to the OOM killer',
    ],
    tiers: withUser,
    also: { landlock: 'as root, from Linux 6.12 on' },
  },
  {
    words: 'moves, replaces and deletes no fixed file in its own folders',
    probes: ['put another in place of a fixed file', 'delete a fixed file', 'open up a fixed file'],
    tiers: withUser,
  },
  {
    words: 'changes no fixed file in its own folders',
    probes: ['change a fixed file', 'hard link a fixed file'],
    tiers: ['user', 'namespaces'],
    also: { 'landlock-user': 'unless it keeps CAP_DAC_OVERRIDE' },
  },
  {
    words: 'reaches no program of this machine by an abstract socket',
    probes: ['connect to an abstract socket'],
    tiers: ['namespaces'],
    also: { landlock: 'from Linux 6.12 on', 'landlock-user': 'from Linux 6.12 on' },
  },
  {
    words: 'reaches no program of this machine by a socket that is open to all users',
    probes: ['connect to a socket of another program'],
    tiers: ['namespaces'],
  },
  {
    words: 'sees no process of others',
    probes: ["read the controller's command line"],
    tiers: [],
    also: { namespaces: 'with an ordinary /proc' },
  },
] as const satisfies readonly TierPromise[];

/** What training code cannot do on a tier only under a condition, with that. */
export function promisedIf(tier: Tier): readonly { readonly words: string; readonly condition: Condition }[] {
  return (promises as readonly TierPromise[]).flatMap(({ words, also }) => {
    const condition = also?.[tier];
    return condition === undefined ? [] : [{ words, condition }];
  });
}

/** What training code cannot do on a tier, wherever that is. */
export function promisedBy(tier: Tier): readonly string[] {
  return (promises as readonly TierPromise[]).filter(({ tiers }) => tiers.includes(tier)).map(({ words }) => words);
}

/** What training code cannot do where these probes get through, and no others. */
export function keptWith(open: readonly string[]): readonly string[] {
  return promises.filter(({ probes }) => !probes.some((probe) => open.includes(probe))).map(({ words }) => words);
}

/** The probes that get through although the tier promises to stop them. */
export function brokenOn(tier: Tier, open: readonly string[]): readonly string[] {
  const promised = (promises as readonly TierPromise[]).filter(({ tiers }) => tiers.includes(tier));
  return promised.flatMap(({ probes }) => probes.filter((probe) => open.includes(probe)));
}
