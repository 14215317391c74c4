/**
 * Why a proposal is not worth a run.
 */
import { triedBeforeStudy } from '../core/journal/earlier.ts';
import type { Proposal } from '../core/journal/proposal.ts';
import { createFilesPatch } from '../core/proposal/file-patch.ts';
import { applyEdits } from '../core/proposal/patch.ts';
import { findRepetition } from '../core/proposal/repetition.ts';
import type { NormalForm } from '../core/proposal/trivial-change.ts';
import { brokenByCode, brokenBySettings, heldConstraints } from '../core/space/constraint/constraint.ts';
import { declaredKnobs, knobsFile } from '../core/space/declared/declared-knob.ts';
import { knobsTrouble } from '../core/space/declared/knobs-file.ts';
import type { Source } from '../core/space/knob.ts';
import { readKnobs } from './read-source.ts';
import type { Study } from './study.ts';

/** The reason; undefined when it is worth one. `besides` is an experiment that it may be the same as. */
export async function refusalOf(
  study: Study,
  source: Source,
  proposal: Proposal,
  besides?: number,
): Promise<string | undefined> {
  const patch = applyEdits(source, proposal.edits);
  if (patch.kind === 'refused') return patch.reason;
  const isUnchanged = Object.entries(patch.files).every(([file, content]) => content === source.files[file]);
  if (isUnchanged) return 'the edits change nothing';
  const unfit = unfitKnobs(study, patch.files) ?? (await unreadableData(study, source.files, patch.files));
  if (unfit !== undefined) return unfit;
  const broken = brokenBySettings(source, proposal.edits) ?? (await brokenInCode(study, source, proposal, patch.files));
  if (broken !== undefined) return broken;
  const secret = study.lab.findSecret?.(
    `${proposal.title}\n${proposal.hypothesis}\n${addedLines(source.files, patch.files)}`,
  );
  if (secret !== undefined) return `it contains what looks like a key (${secret})`;
  const content = await study.lab.workspace.identify(patch.files);
  const earlier = study.history().contents.get(content);
  if (earlier !== undefined && earlier !== besides) return `the same candidate as experiment ${earlier}`;
  const before = earlier === undefined ? triedBeforeStudy(study.history().earlier, content) : undefined;
  if (before !== undefined) return `the same candidate as ${before}`;
  const [now, then] = [await formOf(study, source.files), await formOf(study, patch.files)];
  return now && then && findRepetition(study.history(), now, then, besides);
}

/** Why the commands of the brief could not be given these files' values of the declared knobs. */
function unfitKnobs({ lab }: Study, files: Source['files']): string | undefined {
  const knobs = declaredKnobs(lab.brief.knobs);
  return knobs.length === 0 ? undefined : knobsTrouble(knobs, files[knobsFile] ?? '');
}

/**
 * Why a changed file that is no program cannot be read. A program that does not parse fails its run; a configuration file
 * that the run happens not to read would be kept, and the study could not go on from it.
 */
async function unreadableData(
  { lab }: Study,
  before: Source['files'],
  after: Source['files'],
): Promise<string | undefined> {
  const changed = Object.entries(after).filter(
    ([file, text]) => text !== before[file] && !/\.(?:py|ipynb)$/.test(file),
  );
  if (changed.length === 0) return undefined;
  const reading = await lab.knobReader.read(Object.fromEntries(changed));
  return reading.kind === 'unreadable' ? `it does not parse: ${reading.reason}` : undefined;
}

/** What the script as it was demanded of its knobs, and as it is changed no longer meets. */
async function brokenInCode(
  study: Study,
  source: Source,
  { edits }: Proposal,
  files: Source['files'],
): Promise<string | undefined> {
  if (heldConstraints(source).length === 0 || edits.every(({ kind }) => kind === 'set-knob')) return undefined;
  const reading = await readKnobs(study.lab, study.history().start, files);
  return reading.kind === 'read' ? brokenByCode(source, reading) : undefined;
}

async function formOf({ lab }: Study, files: Source['files']): Promise<NormalForm | undefined> {
  return lab.normalForm?.(files);
}

/** The lines that the change adds: a key that is in the source already is not the proposal's. */
function addedLines(before: Source['files'], after: Source['files']): string {
  const patch = createFilesPatch(before, after);
  return patch
    .split('\n')
    .filter((line) => line.startsWith('+'))
    .join('\n');
}
