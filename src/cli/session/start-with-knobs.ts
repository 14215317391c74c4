/**
 * Where a study starts whose brief declares knobs: their file is in the start's commit, which the first study makes on top of
 * the owner's. The owner's tree gets the file as it gets all that the study keeps, with its branch.
 */
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { openGit } from '../../adapters/git/git.ts';
import { recordFile } from '../../adapters/git/record-file.ts';
import { resolveStart, type StartPoint, type StartRequest } from '../../adapters/git/start-point.ts';
import { readObjects } from '../../adapters/git/tree.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { type DeclaredTexts, declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import {
  knobsTrouble,
  mendedStartsText,
  otherStartsText,
  startKnobsFile,
} from '../../core/space/declared/knobs-file.ts';

/** The start of a new study; throws ResearchErrors for what keeps it from starting. */
export async function startWithKnobs(texts: DeclaredTexts, request: StartRequest): Promise<StartPoint> {
  const knobs = declaredKnobs(texts);
  if (knobs.length === 0) return resolveStart(request);
  const path = posix.join(request.sandbox, knobsFile);
  // A file on the disk must be in the commit, as every editable file must: its values are the owner's.
  const isOnDisk = await stat(join(request.root, path)).then(
    () => true,
    () => false,
  );
  const edit = isOnDisk ? request.edit : request.edit.filter((file) => file !== knobsFile);
  const point = await resolveStart({ ...request, edit });
  const git = openGit(request.root);
  const [content] = await readObjects(git, [`${point.start}:${path}`]);
  const before = content?.toString('utf8');
  const text = startKnobsFile(knobs, before);
  if (text === before) {
    const other = otherStartsText(knobs, text, path);
    return other === undefined ? point : { ...point, warnings: [...point.warnings, other] };
  }
  const message = `Record ${path}\n\nThe start values of the knobs that the brief declares.\n`;
  return { ...point, start: await recordFile(git, { commit: point.start, path, content: text, message }) };
}

/** What the owner should know of start values that were mended since the last session, in which they had these texts. */
export function mendedStarts(texts: DeclaredTexts, before: DeclaredTexts, tag: string): readonly string[] {
  return [mendedStartsText(declaredKnobs(texts), declaredKnobs(before), tag) ?? []].flat();
}

/** Throws when a study that goes on has no value for a knob that the brief declares by now. */
export function requireKnobsFile(
  texts: DeclaredTexts,
  files: Readonly<Record<string, string>>,
  experiment: number,
): void {
  const knobs = declaredKnobs(texts);
  const trouble = knobs.length === 0 ? undefined : knobsTrouble(knobs, files[knobsFile] ?? '');
  if (trouble === undefined) return;
  throw new SettingsError(`${trouble}: it is the file of experiment ${experiment}, from which the study goes on.`, {
    hint: 'Set `knobs:` back, or start a new study with --tag.',
  });
}
