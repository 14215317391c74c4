/**
 * The process that stands in for the controller while the canaries try to reach it; it also says which rungs there are to try.
 */
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { SettingsError } from '../../core/base/errors.ts';
import { tierNames } from '../../core/base/names.ts';
import type { Rung } from '../../ports/isolation.ts';
import { packagePath } from '../package-root.ts';

const tier = z.enum(tierNames);
const saidSchema = z.object({
  pid: z.number(),
  socket: z.string(),
  abstract: z.string(),
  port: z.number(),
  system: z.array(z.string()),
  modules: z.array(z.string()),
  site: z.string(),
  userBase: z.string().optional(),
  code: z.object({ path: z.string(), digest: z.string() }).optional(),
  rungs: z.array(
    z.object({
      tier: tier.exclude(['none']),
      uid: z.number().optional(),
      keeps: z.enum(['CAP_DAC_READ_SEARCH', 'CAP_DAC_OVERRIDE']).optional(),
      mounts: z.boolean().optional(),
      bubblewrap: z.string().optional(),
    }),
  ),
  leftOut: z.partialRecord(tier, z.string()),
});

/** What the host says of itself and of the machine. */
export type HostSaid = z.infer<typeof saidSchema>;

export interface CanaryHost {
  readonly said: HostSaid;
  /** From the highest down. */
  readonly rungs: readonly Rung[];
  readonly end: () => Promise<void>;
}

/** Starts it with the study's interpreter; what no rung reads is the study's folder. */
export async function startCanaryHost(interpreter: string, folder: string): Promise<CanaryHost> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nocturne', 'cage');
  const host = execa(interpreter, [packagePath('src', 'python', 'canary_host.py'), folder, cache], { reject: false });
  const end = async () => {
    host.stdin.end();
    await host;
  };
  const lines = createInterface({ input: host.stdout });
  const [line] = await Promise.race([once(lines, 'line'), host.then(() => [undefined])]);
  if (line === undefined) throw cannotTell(interpreter, (await host).stderr);
  const said = saidSchema.parse(JSON.parse(String(line)));
  const { system, userBase, code } = said;
  const rungs = said.rungs.map(
    (rung) => ({ ...rung, system, ...(code && { code }), ...(userBase !== undefined && { userBase }) }) as Rung,
  );
  return { said, rungs, end };
}

function cannotTell(interpreter: string, stderr: string): SettingsError {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return new SettingsError(`\`${interpreter}\` cannot tell what isolation there is: ${last}`, {
    hint: 'Name another Python, 3.8 or later, with --python.',
  });
}
