/**
 * Finds a Python that has Optuna: the study's own, else the tool's environment, where it is installed on first use.
 *
 * Nothing is ever installed among the user's packages. In the tool's environment Optuna also sees the torch of the
 * study's interpreter, if both have the same Python version.
 */
import { execa } from 'execa';
import { z } from 'zod';
import { packagePath } from '../package-root.ts';
import { installTool, ownPython } from './own-environment.ts';

/** A Python that can ask Optuna. */
export interface Optuna {
  readonly python: string;
  /** Further package folders, searched after its own. */
  readonly sites: readonly string[];
  readonly version: string;
  /** Whether the Gaussian process sampler can run: torch and scipy are there. */
  readonly hasGp: boolean;
}

/** An Optuna that is there and too old to be asked. */
export interface OutdatedOptuna {
  readonly python: string;
  readonly version: string;
  /** The first version that can be asked. */
  readonly oldest: string;
}

/** What was found; without `optuna` it would have to be installed. */
export interface OptunaSearch {
  readonly optuna?: Optuna | undefined;
  /** The one of the study's own Python, where it is too old; it is left as it is. */
  readonly outdated?: OutdatedOptuna | undefined;
}

const probeSchema = z.object({
  optuna: z.string().nullable(),
  outdated: z.boolean(),
  oldest: z.string(),
  gp: z.boolean(),
  version: z.string(),
  sites: z.array(z.string()),
});

const requirements = packagePath('src', 'python', 'optuna-requirements.txt');

/** Looks for a Python that has an Optuna that can be asked: the study's own, else the tool's. */
export async function findOptuna(
  interpreter: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OptunaSearch> {
  const study = await probe(interpreter);
  if (study?.optuna && !study.outdated) {
    return { optuna: { python: interpreter, sites: [], version: study.optuna, hasGp: study.gp } };
  }
  const outdated = study?.optuna ? { python: interpreter, version: study.optuna, oldest: study.oldest } : undefined;
  const own = ownPython(environment);
  const bare = await probe(own);
  if (!bare?.optuna || bare.outdated) return { outdated };
  const sites = study?.version === bare.version ? study.sites : [];
  const both = sites.length > 0 ? await probe(own, sites) : bare;
  return { optuna: { python: own, sites, version: bare.optuna, hasGp: both?.gp ?? false }, outdated };
}

/** Such as `Optuna 4.4.0, older than 4.6`. */
export function outdatedText({ version, oldest }: OutdatedOptuna): string {
  return `Optuna ${version}, older than ${oldest}`;
}

/** The same, after installing Optuna where it is missing. Throws a SettingsError when that fails. */
export async function installOptuna(
  interpreter: string,
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Optuna> {
  const find = async () => (await findOptuna(interpreter, environment)).optuna;
  return installTool({ name: 'Optuna', requirements }, interpreter, environment, say, find);
}

async function probe(python: string, sites: readonly string[] = []): Promise<z.infer<typeof probeSchema> | undefined> {
  const script = packagePath('src', 'python', 'ask_optuna.py');
  const { stdout, failed } = await execa(python, [script, '--probe', ...sites], {
    reject: false,
    timeout: 60_000,
    stdin: 'ignore',
  });
  if (failed) return undefined;
  return probeSchema.parse(JSON.parse(stdout));
}
