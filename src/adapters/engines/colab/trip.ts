/**
 * The way of one job to a machine of Colab and home again. Where it stands is noted in the job's folder, so that a controller that
 * starts later goes on with it. What may be waited for is waited for: a machine that is refused, and a service that does not answer.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Job, JobState } from '../../../ports/engine.ts';
import { contentOf, readJson } from '../../files/read-json.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { readJobEnd, writeJobEnd } from '../job-files.ts';
import { lost, lostByMachine } from '../job-states.ts';
import { bringHome } from '../travel/bring-home.ts';
import type { Packer, Parcel } from '../travel/parcel.ts';
import { frameSchema, mirror, offsetsOf, running } from './frames.ts';
import type { Machine, Ready } from './machine.ts';
import { ColabTrouble, type Home } from './place.ts';

const noteSchema = z.object({
  /** Absent while it waits for a machine. */
  machine: z.object({ name: z.string(), endpoint: z.string() }).optional(),
  /** Why it was lost, so that a later controller knows it at once. */
  lost: z.object({ reason: z.string(), isByMachine: z.boolean() }).optional(),
});
export type TripNote = z.infer<typeof noteSchema>;

export interface TripOptions {
  readonly packer: Packer;
  /** The python that unpacks here what came home. */
  readonly python: string;
  readonly tell: (message: string) => void;
  /** A machine that has no job; waits until there is one. `name` asks for one of them. */
  readonly take: (name: string | undefined, signal: AbortSignal) => Promise<Machine>;
  readonly giveBack: (machine: Machine) => void;
}

export interface Trip {
  readonly state: () => JobState;
  /** Resolves at the next change of the state. */
  readonly changed: () => Promise<void>;
  /** Ends the job; resolves when that is known, or after a minute and a half in which nothing could be known. */
  readonly cancel: () => Promise<void>;
  /** Leaves the job to itself. */
  readonly leave: () => void;
  /** Why it could not go on at all, if so. */
  readonly error: () => unknown;
}

/** One call of the CLI stays so long with a job: long enough to be few, short enough to be a sign of life. */
const staySeconds = 50;
const giveUpSeconds = 90;
/** Characters of orders that are said rather than sent as a file. */
const maxSaid = 100_000;

/** Whether the job was ever handed to the engine. */
export async function readTripNote(job: Pick<Job, 'folder'>): Promise<TripNote | undefined> {
  return contentOf(await readJson(tripNotePath(job), noteSchema));
}

function tripNotePath(job: Pick<Job, 'folder'>): string {
  return join(job.folder, 'away.json');
}

/** Notes that the job was handed to the engine, and where it is. */
export async function writeTripNote(job: Pick<Job, 'folder'>, note: TripNote): Promise<void> {
  await writeWhole(tripNotePath(job), JSON.stringify(note));
}

/** The state of a job that was lost, by its note. */
export function lostAs({ reason, isByMachine }: NonNullable<TripNote['lost']>): JobState {
  return isByMachine ? lostByMachine(reason) : lost(reason);
}

/** Sets out, or goes on where an earlier controller was. */
export function setOut(job: Job, options: TripOptions): Trip {
  const { packer, python, tell, take, giveBack } = options;
  const leaving = new AbortController();
  let state: JobState = { kind: 'queued' };
  let error: unknown;
  let isCancelled = false;
  let wake: (() => Promise<void>) | undefined;
  let listeners: (() => void)[] = [];
  const told = new Set<string>();

  const show = (next: JobState) => {
    state = next;
    const waiting = listeners;
    listeners = [];
    for (const listener of waiting) listener();
  };
  const tellOnce = (message: string) => {
    if (!told.has(message)) tell(message);
    told.add(message);
  };
  const lose = async (reason: string, isByMachine = false) => {
    const how = { reason, isByMachine };
    await writeTripNote(job, { ...(await readTripNote(job)), lost: how });
    show(lostAs(how));
  };

  async function travel(): Promise<void> {
    const note = await readTripNote(job);
    const machine = await take(note?.machine?.name, leaving.signal);
    try {
      const found = note?.machine ? await findAgain(machine, note.machine.endpoint) : undefined;
      if (found === 'gone') return await lose(takenBack(machine), true);
      const isThere = found !== undefined;
      for (;;) {
        if (isCancelled && !isThere) return await endHere();
        const ready = found ?? (await machine.ready(leaving.signal, awaitMachine));
        // Its end is written already, and the folder may be another job's by now.
        leaving.signal.throwIfAborted();
        if (isCancelled && !isThere) return await endHere();
        const outcome = await attempt(machine, ready, isThere);
        if (outcome === 'not-there') continue;
        return;
      }
    } finally {
      giveBack(machine);
    }
  }

  function awaitMachine(why: string): void {
    tellOnce(why);
    show({ kind: 'queued', why });
  }

  /** One try on a machine; `not-there` where it went away before the job had begun. */
  async function attempt(machine: Machine, ready: Ready, isThere: boolean): Promise<'ended' | 'not-there'> {
    const orders = await packer.ordersName(job);
    let text: string | undefined;
    if (!isThere) {
      const parcel = await packer.pack(job);
      if (parcel.orders.length <= maxSaid) text = parcel.orders;
      const isBrought = await patiently(machine, () => bring(ready, parcel));
      if (isBrought === 'gone') return 'not-there';
      leaving.signal.throwIfAborted();
      await writeTripNote(job, { machine: { name: machine.lease.name, endpoint: ready.endpoint } });
    }
    wake = () => ready.place.wake(orders, 'cancel');
    let isFirst = !isThere;
    let doubts = 0;
    for (;;) {
      const more = { offsets: await offsetsOf(job), seconds: staySeconds, signal: leaving.signal };
      const order = { orders, start: isFirst, ...(isFirst && { text }), ...more };
      const seen = await patiently(machine, () => stay(ready, order));
      if (seen === 'gone') {
        await lose(takenBack(machine), true);
        return 'ended';
      }
      isFirst = false;
      if (seen.home) {
        if ((await patiently(machine, () => bringBack(ready, orders, seen.home as Home))) === 'gone')
          await lose(takenBack(machine), true);
        return 'ended';
      }
      // It may just have ended while it was looked at.
      doubts = seen.isAlive ? 0 : doubts + 1;
      if (doubts > 1) {
        await lose(seen.failed ?? 'its supervisor is gone and left no result');
        return 'ended';
      }
    }
  }

  /** Brings what the machine lacks; the orders themselves go along with the start where they are short. */
  async function bring(ready: Ready, parcel: Parcel): Promise<void> {
    const { setup, place, brought } = ready;
    const unknown = parcel.archives.filter(({ name }) => !brought.has(name));
    const missing = new Set(
      brought.size > 0
        ? unknown.map(({ name }) => name)
        : await place.missing(
            setup.root,
            unknown.map(({ name }) => name),
          ),
    );
    for (const { name, file } of unknown.filter(({ name }) => missing.has(name)))
      await place.put(setup.root, `archives/${name}`, file);
    for (const { name } of parcel.archives) brought.add(name);
    if (parcel.orders.length <= maxSaid) return;
    const orders = join(job.folder, 'orders.json');
    await writeWhole(orders, parcel.orders, { isDurable: false });
    await place.put(setup.root, `orders/${parcel.ordersName}`, orders);
    await rm(orders, { force: true });
  }

  async function stay(ready: Ready, order: Parameters<Ready['place']['stay']>[1]): Promise<Seen> {
    let seen: Seen = { isAlive: true };
    let writing: Promise<void> = Promise.resolve();
    await ready.place.stay(ready.setup.root, order, (raw) => {
      const frame = frameSchema.safeParse(raw);
      if (!frame.success) return;
      const { state: now, logs = {}, home, failed } = frame.data;
      if (now) {
        seen = { ...seen, isAlive: now.isAlive || now.hasEnded };
        if (now.isAlive && !now.hasEnded) show(running(job, now));
      }
      if (home) seen = { ...seen, home };
      if (failed !== undefined) seen = { isAlive: false, failed };
      writing = writing.then(() => mirror(job, logs));
    });
    await writing;
    return seen;
  }

  async function bringBack(ready: Ready, orders: string, home: Home): Promise<void> {
    const file = join(job.folder, 'home.tar.gz');
    await ready.place.fetch(orders, home, file);
    const isWhole = await bringHome(file, await packer.wayHome(job), python);
    await rm(file, { force: true });
    const end = contentOf(await readJobEnd(job));
    if (isWhole && end) show({ kind: 'ended', end });
    else await lose('what came home has no result');
  }

  /** Does it until it is done, or the service says that the machine is gone. */
  async function patiently<Result>(machine: Machine, act: () => Promise<Result>): Promise<Result | 'gone'> {
    for (let wait = 1; ; wait = Math.min(60, wait * 2)) {
      try {
        return await act();
      } catch (trouble) {
        leaving.signal.throwIfAborted();
        if (!(trouble instanceof ColabTrouble)) throw trouble;
        if ((await machine.lease.look()).kind === 'gone') return 'gone';
        tellOnce(`Colab does not answer as it should, which is waited for: ${trouble.message}`);
        await delay(wait * 1000, undefined, { signal: leaving.signal });
      }
    }
  }

  async function findAgain(machine: Machine, endpoint: string): Promise<Ready | 'gone'> {
    for (let wait = 1; ; wait = Math.min(60, wait * 2)) {
      const found = await machine.find(endpoint);
      if (found !== 'unknown') return found;
      tellOnce('Colab cannot be asked whether the machine of the run in flight is still there; it is asked again');
      await delay(wait * 1000, undefined, { signal: leaving.signal });
    }
  }

  /** Has the machine told until the job has ended, or is given up. */
  async function persist(tellIt: () => Promise<void>): Promise<void> {
    while ((state.kind === 'running' || state.kind === 'queued') && !leaving.signal.aborted) {
      if (
        await tellIt().then(
          () => true,
          () => false,
        )
      )
        return;
      await delay(1000);
    }
  }

  async function endHere(): Promise<void> {
    await writeJobEnd(job, { ending: 'cancelled', stages: [], seconds: 0 });
    show({ kind: 'ended', end: { ending: 'cancelled', stages: [], seconds: 0 } });
  }

  const under = travel().catch((cause: unknown) => {
    if (leaving.signal.aborted) return;
    error = cause;
    show(state);
  });

  return {
    state: () => state,
    changed: () => new Promise((resolve) => listeners.push(resolve)),
    error: () => error,
    leave: () => leaving.abort(),
    cancel: async () => {
      isCancelled = true;
      if (wake) void persist(wake);
      else leaving.abort();
      await Promise.race([under, delay(giveUpSeconds * 1000, undefined, { ref: false })]);
      if (state.kind === 'queued' || state.kind === 'running') {
        leaving.abort();
        await endHere();
      }
    },
  };
}

interface Seen {
  readonly isAlive: boolean;
  readonly home?: Home;
  readonly failed?: string;
}

function takenBack({ lease }: Machine): string {
  return `Colab took its machine ${lease.name} back`;
}
