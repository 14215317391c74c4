/**
 * Takes a snapshot of a study that is being worked on: whole journal lines only, and
 * beside them files that no longer change or are copied first.
 */
import { copyFile, mkdir, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createFold } from '../../core/journal/fold.ts';
import { earlierTips, settledExperiments, studyCommits } from '../../core/journal/study-commits.ts';
import type { StudyFile, StudySnapshot } from '../../ports/mirror.ts';
import { journalPath, readJournal } from '../archive/read-journal.ts';

/** Files that are rewritten during the study, so they are copied first. */
const summaries = /^(?:results\.tsv|report\.(?:md|html)|progress\.(?:png|svg))$/;
/** Files of an experiment that are written once, when it is proposed. */
const lasting = ['proposal.json', 'patch.diff'];

/** The study in this folder; `stage` is a folder for the copies. Undefined before the study has begun. */
export async function takeSnapshot(studyFolder: string, stage: string): Promise<StudySnapshot | undefined> {
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  const copied = join(stage, 'journal.jsonl');
  await copyFile(journalPath(studyFolder), copied);
  const { whole, entries, goodBytes } = fold(copied);
  if (whole === undefined) return undefined;
  const { history } = whole;
  // The controller may have been writing a line: cut off its beginning.
  await truncate(copied, goodBytes);
  const names = (await readdir(studyFolder)).sort();
  const files: StudyFile[] = [];
  for (const name of names) {
    if (/^\d{4,}$/.test(name)) files.push(...(await lastingFiles(studyFolder, name)));
    else if (summaries.test(name)) files.push(...(await copyOf(studyFolder, stage, name)));
  }
  return {
    tag: history.tag,
    entries,
    experiments: settledExperiments(history),
    start: history.start,
    commits: studyCommits(whole),
    earlierTips: earlierTips(history),
    files: [...files, { path: 'journal.jsonl', source: copied }],
  };
}

function fold(path: string) {
  const folded = createFold();
  const reading = readJournal(path);
  let entries = 0;
  for (;;) {
    const { value, done } = reading.next();
    if (done) return { whole: folded.whole(), entries, goodBytes: value.goodBytes };
    entries += 1;
    folded.add(value);
  }
}

async function lastingFiles(studyFolder: string, name: string): Promise<StudyFile[]> {
  const found: StudyFile[] = [];
  for (const file of lasting) {
    const source = join(studyFolder, name, file);
    if (await isFile(source)) found.push({ path: `${name}/${file}`, source });
  }
  return found;
}

/**
 * Copies a summary. A pipe of that name is left out: copying it would wait for a writer, and the save would never end.
 */
async function copyOf(studyFolder: string, stage: string, name: string): Promise<StudyFile[]> {
  if (!(await isFile(join(studyFolder, name)))) return [];
  await copyFile(join(studyFolder, name), join(stage, name));
  return [{ path: name, source: join(stage, name) }];
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
