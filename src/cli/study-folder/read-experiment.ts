/**
 * One experiment of a study, as `nocturne show` and `nocturne diff` have it.
 */
import { join } from 'node:path';
import { readText } from '../../adapters/files/read-file.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { formatExperiment } from '../../core/base/format.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { gaugeOf } from '../../core/confirm/read-gauge.ts';
import { experimentRow } from '../../core/journal/experiment-row.ts';
import { givenUpFor } from '../../core/journal/given-up.ts';
import { type ExperimentRecord, experimentOf } from '../../core/journal/history.ts';
import type { FoundStudy } from './studies.ts';

/** The experiment as `nocturne show N --json` prints it. Throws a SettingsError where there is none. */
export async function readExperiment(study: FoundStudy, experiment: number) {
  const record = requireExperiment(study, experiment);
  const patch = await readPatch(study, experiment);
  const gauge = gaugeOf(study)?.rows.find((row) => row.experiment === experiment) ?? null;
  const refusals = givenUpFor(study.history, experiment);
  return { ...experimentRow(study.history, record), ...record, gauge, patch, refusals };
}

/** The experiment with this number. Throws a SettingsError where there is none, which says what there is instead. */
export function requireExperiment({ history, tag }: FoundStudy, experiment: number): ExperimentRecord {
  const record = history.experiments[experiment];
  if (record) return record;
  const idea = givenUpFor(history, experiment).at(-1);
  if (idea !== undefined) {
    throw new SettingsError(
      `Study ${tag} has no experiment ${experiment} yet: its last idea came to nothing, ${plainText(idea.title) || 'without a title'}: ${plainText(idea.reason)}`,
      { hint: `List the experiments with \`nocturne log --tag ${tag}\`.` },
    );
  }
  throw new SettingsError(
    `Study ${tag} has no experiment ${experiment}; it has 0 to ${history.experiments.length - 1}.`,
    {
      hint: `List them with \`nocturne log --tag ${tag}\`.`,
    },
  );
}

/** The diff of an experiment; empty for the baseline, which has none, and for one whose folder was deleted. */
export async function readPatch({ folder }: Pick<FoundStudy, 'folder'>, experiment: number): Promise<string> {
  return (await readText(join(folder, formatExperiment(experiment), 'patch.diff'))) ?? '';
}

/** What was kept as one diff, ready for `git apply`; empty where nothing was kept. */
export async function readBestPatch({ folder, history, tag }: FoundStudy): Promise<string> {
  if (history.incumbent === 0) return '';
  const [{ openGit }, { diffOf }] = await Promise.all([
    import('../../adapters/git/git.ts'),
    import('../../adapters/git/diff.ts'),
  ]);
  const best = experimentOf(history, history.incumbent).kept ?? history.start;
  return diffOf(openGit(folder), history.start, best).catch((error: unknown) => {
    throw new SettingsError(`The commits of study ${tag} are not in the repository of ${folder}.`, {
      hint: 'Look where the study was run, or bring it back from its mirror with `nocturne run --restore`.',
      cause: error,
    });
  });
}
