/**
 * One machine of Colab, from before it is asked for until the service no longer lists it. A note of it is on disk before it is
 * allocated, so that whoever starts next, after whatever end, finds and releases it.
 *
 * The CLI alone cannot: a second `new` under one name forgets the first machine, a failed call may drop its record of one that goes on
 * costing, `stop` of an unknown name succeeds, and nothing stops a machine that its record lacks. So the record is written anew from
 * the note where it is gone.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SettingsError } from '../../../core/base/errors.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { runningCommands } from '../running-commands.ts';
import { type Failure, failureOf, type ListedMachine, listedMachines } from './answers.ts';
import type { ColabAuth, ColabProgram } from './program.ts';
import { findRecord, writeRecord } from './records.ts';

const noteSchema = z.object({
  /** The session's name. */
  name: z.string(),
  gpu: z.string(),
  /** How the CLI was called. */
  program: z.string(),
  auth: z.enum(['oauth2', 'adc']),
  askedAt: z.string(),
  /** What the account had before it was asked for. */
  before: z.array(z.string()),
  /** Absent until the service has given it. */
  endpoint: z.string().optional(),
});
export type LeaseNote = z.infer<typeof noteSchema>;

export interface LeaseOptions {
  readonly colab: ColabProgram;
  /** Absolute folder of the study's notes; its `sessions.json` is the CLI's state file. */
  readonly folder: string;
  readonly name: string;
  /** As the CLI names it, or `CPU`. */
  readonly gpu: string;
  /** How the CLI is called, for whoever releases it later. */
  readonly program: string;
  readonly auth: ColabAuth;
  readonly tell: (message: string) => void;
}

/** What became of a request for a machine. */
export type Allocation = { readonly kind: 'held'; readonly endpoint: string } | Failure;

/** Whether the service has the machine, as far as it can be asked. */
export type Standing = { readonly kind: 'held'; readonly endpoint: string } | { readonly kind: 'gone' | 'unknown' };

export interface Lease {
  readonly name: string;
  /** Asks for the machine, or finds the one that was asked for before. */
  readonly allocate: () => Promise<Allocation>;
  /** Whether the service still lists it; where it does and the CLI has forgotten it, the CLI is told of it again. */
  readonly look: () => Promise<Standing>;
  /** Releases it, and makes sure that the service no longer lists it; false where that could not be found out. */
  readonly release: () => Promise<boolean>;
  /** Ends the call in flight, and starts the release in a process that outlives this one. */
  readonly abandon: () => void;
}

/** Seconds that the CLI may take: an allocation waits for the service, and for its own three tries. */
const allocateSeconds = 900;
const askSeconds = 90;

/** The lease of one machine of a study. */
export function openLease(options: LeaseOptions): Lease {
  const { colab, folder, name, gpu, program, auth, tell } = options;
  const path = notePath(folder, name);
  const stateFile = join(folder, 'sessions.json');

  async function allocate(): Promise<Allocation> {
    const noted = await readNote(path);
    const found = noted === undefined ? undefined : await settle(noted);
    if (found) return found;
    const listing = await list();
    if (!Array.isArray(listing)) return listing;
    await mkdir(folder, { recursive: true });
    const before = listing.map(({ endpoint }) => endpoint);
    const note = { name, gpu, program, auth, askedAt: new Date().toISOString(), before };
    await writeNote(path, note);
    const answer = await colab.call(newArguments(name, gpu), allocateSeconds, { log: join(folder, `${name}.new.log`) });
    const record = await findRecord(stateFile, name);
    if (record !== undefined) return hold(note, record);
    return failed(note, failureOf(answer));
  }

  /** What a note of an earlier request comes to; undefined where no machine came of it. */
  async function settle(note: LeaseNote): Promise<Allocation | undefined> {
    await untilNobodyAsks(name, folder);
    const endpoint = note.endpoint ?? (await findRecord(stateFile, name));
    const listing = await list();
    if (!Array.isArray(listing)) return listing;
    if (endpoint === undefined) {
      tellOfStrays(note, listing);
      await forget();
      return undefined;
    }
    if (listing.some((each) => each.endpoint === endpoint)) {
      await remind(endpoint);
      return hold(note, endpoint);
    }
    await forget();
    return undefined;
  }

  async function hold(note: LeaseNote, endpoint: string): Promise<Allocation> {
    await writeNote(path, { ...note, endpoint });
    return { kind: 'held', endpoint };
  }

  /** Calls that stayed with a machine which is gone would wait for it for ever. */
  async function forget(): Promise<void> {
    await rm(path, { force: true });
    await endStays(name, folder);
  }

  /** A request that failed may have been granted all the same, such as where only the answer was lost. */
  async function failed(note: LeaseNote, failure: Failure): Promise<Allocation> {
    const listing = await list();
    if (!Array.isArray(listing)) return failure;
    const [stray] = straysOf(note, listing);
    if (stray) {
      await remind(stray.endpoint);
      return hold(note, stray.endpoint);
    }
    await forget();
    return failure;
  }

  function tellOfStrays(note: LeaseNote, listing: readonly ListedMachine[]): void {
    for (const { endpoint, hardware } of straysOf(note, listing)) {
      tell(
        `Colab lists a machine that no program here knows, ${endpoint} (${hardware}); it was not there before Nocturne asked for one at ${note.askedAt}. If it is not yours, end it under "Manage sessions" at colab.research.google.com.`,
      );
    }
  }

  async function look(): Promise<Standing> {
    const note = await readNote(path);
    if (note?.endpoint === undefined) return { kind: 'gone' };
    const listing = await list();
    if (!Array.isArray(listing)) return { kind: 'unknown' };
    if (!listing.some(({ endpoint }) => endpoint === note.endpoint)) {
      await forget();
      return { kind: 'gone' };
    }
    await remind(note.endpoint);
    return { kind: 'held', endpoint: note.endpoint };
  }

  async function release(): Promise<boolean> {
    const note = await readNote(path);
    if (note === undefined) return true;
    await untilNobodyAsks(name, folder);
    const endpoint = note.endpoint ?? (await findRecord(stateFile, name));
    if (endpoint === undefined) return (await settle(note)) === undefined;
    await writeNote(path, { ...note, endpoint });
    for (let tries = 0; tries < 2; tries++) {
      await remind(endpoint);
      await colab.call(['stop', '--session', name], askSeconds);
      const { kind } = await look();
      if (kind !== 'held') return kind === 'gone';
    }
    return false;
  }

  /** The CLI stops, and executes on, nothing that its record lacks. */
  async function remind(endpoint: string): Promise<void> {
    if ((await findRecord(stateFile, name)) !== endpoint) await writeRecord(stateFile, name, endpoint);
  }

  async function list(): Promise<ListedMachine[] | Failure> {
    const answer = await colab.call(['sessions'], askSeconds);
    const failure = failureOf(answer);
    // Where nobody is signed in and it knows of no session, it lists none, and calls that a success.
    if (failure.kind === 'signed-out') throw signedOut();
    return answer.exitCode === 0 ? listedMachines(answer.stdout) : failure;
  }

  return { name, allocate, look, release, abandon: () => colab.leave(['stop', '--session', name]) };
}

function newArguments(name: string, gpu: string): string[] {
  return ['new', '--session', name, ...(gpu === 'CPU' ? [] : ['--gpu', gpu])];
}

/** Machines that were not there before the request, that no CLI here has allocated, and that are of its kind. */
function straysOf({ before, gpu }: LeaseNote, listing: readonly ListedMachine[]): ListedMachine[] {
  return listing.filter((each) => each.name === undefined && each.hardware === gpu && !before.includes(each.endpoint));
}

/** Nobody is signed in, or no longer. */
export function signedOut(): SettingsError {
  return new SettingsError('Nobody is signed in to Colab in the `colab` CLI.', {
    hint: 'Run `colab sessions` once in a terminal and follow its link; for `auth: adc` see docs/engines.md.',
  });
}

const noteEnding = '.machine.json';

function notePath(folder: string, name: string): string {
  return join(folder, `${name}${noteEnding}`);
}

async function readNote(path: string): Promise<LeaseNote | undefined> {
  return contentOf(await readJson(path, noteSchema));
}

async function writeNote(path: string, note: LeaseNote): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, `${JSON.stringify(note, null, 2)}\n`);
}

/** The machines of which a folder has notes: those that may be allocated. */
export async function notedMachines(folder: string): Promise<LeaseNote[]> {
  const names = await readdir(folder).catch(() => []);
  const notes = await Promise.all(
    names.filter((name) => name.endsWith(noteEnding)).map((name) => readNote(join(folder, name))),
  );
  return notes.filter((note) => note !== undefined);
}

/** Waits while a `colab new` of this machine goes on, such as one whose controller was killed. */
async function untilNobodyAsks(name: string, folder: string): Promise<void> {
  const until = performance.now() + allocateSeconds * 1000;
  while (performance.now() < until && (await callsOf('new', name, folder)).length > 0) await delay(500);
}

/** Ends the calls that stay with a machine, such as those whose controller was killed. */
async function endStays(name: string, folder: string): Promise<void> {
  for (const pid of await callsOf('exec', name, folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** The processes of one command of the CLI for this machine, whoever started them. */
async function callsOf(command: 'new' | 'exec', name: string, folder: string): Promise<number[]> {
  const call = ` --config ${join(folder, 'sessions.json')} ${command} --session ${name} `;
  return (await runningCommands()).filter(({ text }) => `${text} `.includes(call)).map(({ pid }) => pid);
}
