/**
 * Slurm as a scheduler: `sbatch`, `squeue`, `sacct` and `scancel`, with and without accounting.
 */
import { SettingsError } from '../../../core/base/errors.ts';
import type { Argv } from '../../../core/journal/settings/argv.ts';
import type { Job } from '../../../ports/engine.ts';
import { type Look, type Scheduler, type Taken, Unreachable } from '../travel/parts.ts';
import { quoted } from '../travel/quoted.ts';
import type { RunCommand } from './commands.ts';
import { resourcesOf, type SlurmSettings } from './resources.ts';
import { lookOf, readRefusal, readRows, type SlurmRow, sacctFormat, squeueFormat, wasRefused } from './states.ts';

export interface SlurmOptions {
  readonly run: RunCommand;
  readonly settings: SlurmSettings;
  /** Where the output of a job's own script goes on the cluster, absolute: it is the supervisor's. */
  readonly logOf: (job: Job) => Promise<string>;
  /** Milliseconds between two questions about all jobs; sites ask not to be asked more often. */
  readonly askEvery?: number | undefined;
}

/** Slurm, asked by these commands. */
export function createSlurm({ run, settings, logOf, askEvery = 10_000 }: SlurmOptions): Scheduler {
  let known: { readonly at: number; readonly rows: Promise<readonly SlurmRow[]> } | undefined;
  let hasAccounting = true;

  async function ask(argv: Argv): Promise<readonly SlurmRow[]> {
    const said = await run(argv);
    if (said.exitCode === 0) return readRows(said.stdout);
    const { kind, why } = readRefusal(said.stderr);
    throw new Unreachable(kind === 'away' ? why : `Slurm cannot tell its queue: ${why}`);
  }

  /** All jobs of this user, those that have ended as long as Slurm remembers them; one question serves all that ask meanwhile. */
  function queue(): Promise<readonly SlurmRow[]> {
    if (known === undefined || performance.now() - known.at >= askEvery) {
      const rows = ask(['squeue', '--me', '-h', '-t', 'all', '-o', squeueFormat]);
      known = { at: performance.now(), rows };
      // Who comes later asks again.
      rows.catch(() => {
        known = undefined;
      });
    }
    return known.rows;
  }

  async function accounted(isAsked: (row: SlurmRow) => boolean, ref: string): Promise<SlurmRow | undefined> {
    if (!hasAccounting) return undefined;
    const said = await run(['sacct', '-n', '-X', '-P', '-j', ref, '-o', sacctFormat]);
    hasAccounting = !/accounting storage is disabled|not configured/i.test(said.stderr);
    return readRows(said.stdout).find(isAsked);
  }

  async function submit(job: Job, command: Argv, name: string): Promise<Taken> {
    const options = [
      ...['--parsable', '--no-requeue', `--job-name=${name}`, `--comment=nocturne ${job.id}`],
      ...[`--output=${await logOf(job)}`, '--open-mode=append'],
      ...resourcesOf(settings, job.limitSeconds),
    ];
    const script = `#!/bin/sh\nexec ${quoted(command)}\n`;
    const said = await run(['sbatch', ...options], script);
    const ref = /^(\d+)(?:;\S+)?$/m.exec(said.stdout)?.[1];
    known = undefined;
    if (said.exitCode === 0 && ref !== undefined) return { kind: 'taken', ref };
    const { kind, why } = readRefusal(said.stderr);
    if (kind === 'away') throw new Unreachable(why);
    if (kind === 'later') return { kind, why: `Slurm takes no more now: ${why}` };
    throw new SettingsError(`Slurm refused run ${job.id}: ${why}`, {
      hint: 'See what the cluster has with `sinfo`, and say in the brief what a run needs: `slurm: { partition, account, qos, gpus, cpus, mem, time }`.',
    });
  }

  /** A controller that is killed forgets its last seconds, and gives the numbers of that time to other jobs. */
  async function look(ref: string, name: string): Promise<Look> {
    const isAsked = (row: SlurmRow) => row.id === ref && row.name === name;
    const row = (await queue()).find(isAsked) ?? (await accounted(isAsked, ref));
    return row ? lookOf(row) : { kind: 'gone', why: `Slurm no longer knows job ${ref}`, isOfEngine: true };
  }

  return {
    submit,
    find: async (name) => {
      const rows = await ask(['squeue', '--me', '-h', '-t', 'all', `--name=${name}`, '-o', squeueFormat]);
      return rows.find((row) => !wasRefused(row))?.id;
    },
    look,
    end: async (ref, how, name) => {
      // One that waits has no process to be asked. To the supervisor alone, which then ends what it started and says so: by default
      // the whole job would get the signal.
      const asked = [['--state=PENDING'], ['--batch', '--signal=TERM']];
      for (const options of how === 'asked' ? asked : [[]]) {
        const { kind, why } = readRefusal((await run(['scancel', `--name=${name}`, ...options, ref])).stderr);
        if (kind === 'away') throw new Unreachable(why);
      }
      known = undefined;
    },
  };
}
