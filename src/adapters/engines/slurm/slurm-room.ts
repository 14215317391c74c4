/**
 * How many runs a Slurm cluster could start now, asked of `scontrol`. Limits of an account or a quality of service are not seen: what
 * they hold back waits in the queue.
 */
import type { Argv } from '../../../core/journal/settings/argv.ts';
import { type EngineRoom, roomFor, roomUnknown } from '../engine-room.ts';
import { Unreachable } from '../travel/parts.ts';
import type { RunCommand } from './commands.ts';
import { countJobs } from './free-nodes.ts';
import type { SlurmSettings } from './resources.ts';
import { readRefusal } from './states.ts';

/** Asks it; a cluster that does not answer has room for one, which waits. A SettingsError where it has no `scontrol`. */
export async function slurmRoom(run: RunCommand, settings: SlurmSettings, inFlight: number): Promise<EngineRoom> {
  if (settings.args !== undefined && settings.args.length > 0)
    return roomUnknown('what `args:` of `slurm:` asks for only Slurm can weigh; a number says how many');
  const show = async (argv: Argv): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(argv);
    if (exitCode !== 0) throw new Unreachable(readRefusal(stderr).why);
    return stdout;
  };
  try {
    const found = countJobs(settings, {
      nodes: await show(['scontrol', '-o', '-d', 'show', 'node']),
      partitions: await show(['scontrol', '-o', 'show', 'partition']),
      config: await show(['scontrol', 'show', 'config']),
    });
    if (found) return roomFor(found.jobs, `partition ${found.name} of Slurm`, inFlight);
    return roomUnknown(
      settings.partition === undefined
        ? 'Slurm has no default partition, and `slurm:` names none'
        : `Slurm shows no partition ${settings.partition}`,
    );
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return roomUnknown(`what is free could not be asked: ${error.message}`);
  }
}
