/** What every archive promises to the loop. */
import { describe, expect, it } from 'vitest';
import type { EntryBody } from '../../src/core/journal/entry.ts';
import { foldHistory } from '../../src/core/journal/fold.ts';
import type { Archive } from '../../src/ports/archive.ts';
import { createJournal, failed, scored } from '../helpers/journal.ts';

export interface ArchiveWorld {
  readonly archive: Archive;
  /** An archive as a controller started later opens it. */
  readonly reopen: () => Promise<Archive>;
  /** What was kept under an experiment, if it was. */
  readonly kept: (experiment: number, name: string) => Promise<string | undefined>;
}

const title = 'Größe 🌙 "quoted" \\ \u2028 \n tab\t';
const { entries } = createJournal()
  .baseline(scored(2.0674), scored(-0))
  .experiment(failed('crashed', title), 'revert', title)
  .experiment(scored(1e-7), 'keep');
const bodies = entries.map(({ seq: _, at: __, ...body }) => body as EntryBody);

/** Runs the suite against the archives that the function makes; their clock may show any time. */
export function describeArchiveContract(name: string, makeWorld: () => Promise<ArchiveWorld>): void {
  const written = async () => {
    const world = await makeWorld();
    for (const body of bodies) await world.archive.append(body);
    return world;
  };

  describe(`${name} keeps the archive contract`, () => {
    it('a new archive is empty', async () => {
      expect(await (await makeWorld()).archive.entries()).toEqual([]);
    });

    it('entries are numbered from one, without gaps, and have a time', async () => {
      const { archive } = await makeWorld();
      for (const [index, body] of bodies.entries()) {
        const entry = await archive.append(body);
        expect(entry.seq).toBe(index + 1);
        expect(Date.parse(entry.at)).not.toBeNaN();
      }
    });

    it('an archive opened later has all entries, in order and unchanged', async () => {
      const { reopen } = await written();
      const found = await (await reopen()).entries();
      expect(found.map(({ seq: _, at: __, live: ___, ...body }) => body)).toEqual(JSON.parse(JSON.stringify(bodies)));
      expect(foldHistory(found)).toMatchObject({ kept: 1, incumbent: 2 });
    });

    it('what append returns is what is read later', async () => {
      const { archive, reopen } = await makeWorld();
      const appended = [];
      for (const body of bodies) appended.push(await archive.append(body));
      expect(await (await reopen()).entries()).toEqual(JSON.parse(JSON.stringify(appended)));
    });

    it('an archive opened later goes on with the next number', async () => {
      const { reopen } = await written();
      const body: EntryBody = { event: 'study-stopped', reason: 'hours', detail: '' };
      expect((await (await reopen()).append(body)).seq).toBe(bodies.length + 1);
      expect(await (await reopen()).entries()).toHaveLength(bodies.length + 1);
    });

    it('an entry that breaks the schema is a bug, and is not written', async () => {
      const { archive, reopen } = await makeWorld();
      const broken = { event: 'run-started', experiment: -1, run: 0, seed: 1 } as EntryBody;
      await expect(archive.append(broken)).rejects.toThrow();
      await expect(archive.append({ event: 'unheard-of' } as unknown as EntryBody)).rejects.toThrow();
      await archive.append(bodies[0] as EntryBody);
      expect(await (await reopen()).entries()).toHaveLength(1);
    });

    it('keys that the schema does not know are left out', async () => {
      const { archive, reopen } = await makeWorld();
      const known = bodies[0] as EntryBody;
      await archive.append(Object.assign({}, known, { secret: 'x' }));
      expect((await (await reopen()).entries())[0]).not.toHaveProperty('secret');
    });

    it('a text that is kept again replaces the one before', async () => {
      const { archive, kept } = await makeWorld();
      await archive.keep(7, 'patch.diff', 'first, and longer\n');
      await archive.keep(7, 'patch.diff', title);
      expect(await kept(7, 'patch.diff')).toBe(title);
      expect(await kept(8, 'patch.diff')).toBeUndefined();
    });
  });
}
