/**
 * `nocturne check --repair`: makes a study whose journal is damaged one that can go on. What rests on entries that are gone is
 * set aside: lines of the journal, run folders and refs, each in a place that is named.
 */
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { damaged, journalPath } from '../../adapters/archive/read-journal.ts';
import { readForRepair, writeRepaired } from '../../adapters/archive/repair-journal.ts';
import { freeName } from '../../adapters/files/free-name.ts';
import { setAsideRefs } from '../../adapters/git/set-aside-refs.ts';
import { findRepository } from '../../adapters/git/start-point.ts';
import { damageText } from '../../core/journal/damage.ts';
import type { WholeHistory } from '../../core/journal/held-out.ts';
import type { RunRecord } from '../../core/journal/history.ts';
import { studyCommits } from '../../core/journal/study-commits.ts';
import { writeResults } from '../study-folder/result-files.ts';
import { type FoundStudy, findStudy } from '../study-folder/studies.ts';
import { withIdleStudy } from './idle-study.ts';
import { writeReport } from './write-report.ts';

/** Repairs the study's journal, and says what was done, one sentence each; none where there was nothing to repair. */
export async function repairStudy(study: FoundStudy): Promise<string[]> {
  const { tag, folder, briefArgument } = study;
  const path = journalPath(folder);
  return withIdleStudy(folder, tag, async () => {
    const sound = readForRepair(path);
    if (!sound) {
      if (study.damage) throw damaged(path, study.damage);
      return [];
    }
    const { damage, whole } = sound;
    const isCut = damage.lost + damage.resting > 0;
    const done = isCut ? await setAside(folder, whole) : [];
    const moved = await writeRepaired(path, sound, new Date().toISOString());
    const repaired = findStudy(briefArgument, tag);
    writeResults(folder, repaired.history);
    await writeReport(repaired, false);
    return [`The journal of study ${tag} is repaired: ${damageText(damage)}. As it was it is in ${moved}.`, ...done];
  });
}

/** Moves what a lost entry leaves without a journal out of the way: its runs would else be taken for those to come. */
async function setAside(folder: string, whole: WholeHistory): Promise<string[]> {
  const parent = join(folder, 'earlier');
  await mkdir(parent, { recursive: true });
  const aside = await freeName(parent, 'repair');
  const runs = (await unknownRuns(folder, whole)).sort();
  for (const run of runs) {
    await mkdir(dirname(join(aside, run)), { recursive: true });
    await rename(join(folder, run), join(aside, run));
  }
  const root = await findRepository(dirname(dirname(folder)));
  const { history } = whole;
  const refs = await setAsideRefs(
    root,
    history.tag,
    studyCommits(whole),
    [history.branch, history.tip],
    basename(aside),
  );
  return [
    ...(runs.length === 0 ? [] : [`Set aside in earlier/${basename(aside)}: ${runs.join(', ')}.`]),
    ...(refs.length === 0
      ? []
      : [`Set aside as refs/autoresearch/${history.tag}/${basename(aside)}/: ${refs.join(', ')}.`]),
  ];
}

/** Folders of experiments, confirmations and runs that the history does not know as ended, from the study's folder. */
async function unknownRuns(folder: string, { history, heldOut }: WholeHistory): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    if (/^\d{4,}$/.test(name)) {
      const record = history.experiments[Number(name)];
      found.push(...(record ? await unknownIn(folder, name, record.runs) : [name]));
    }
    const [, number] = /^confirm-(\d+)$/.exec(name) ?? [];
    if (number === undefined) continue;
    const confirmation = heldOut.confirmations[Number(number) - 1];
    if (!confirmation) found.push(name);
    for (const { contender, runs } of confirmation?.contenders ?? []) {
      found.push(...(await unknownIn(folder, `${name}/${contender}`, runs)));
    }
  }
  return found;
}

async function unknownIn(folder: string, name: string, runs: readonly RunRecord[]): Promise<string[]> {
  const found = await readdir(join(folder, name)).catch(() => []);
  const isKnown = (number: string) => runs.some(({ run, result }) => run === Number(number) && result !== undefined);
  return found.flatMap((each) => {
    const [, number] = /^run-(\d+)$/.exec(each) ?? [];
    return number === undefined || isKnown(number) ? [] : [`${name}/${each}`];
  });
}
