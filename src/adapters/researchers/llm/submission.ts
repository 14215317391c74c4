/**
 * Turns a draft that the model submits into a proposal, or into the reason why it would waste a run.
 */

import { plainText } from '../../../core/base/plain-text.ts';
import { editsOfDraft } from '../../../core/edits/draft-edits.ts';
import { beforeStudy } from '../../../core/journal/earlier.ts';
import type { Proposal } from '../../../core/journal/proposal.ts';
import { oneLine } from '../../../core/llm/one-line.ts';
import type { ToolArguments } from '../../../core/llm/tool-schemas.ts';
import { applyEdits } from '../../../core/proposal/patch.ts';
import { compareForms, type Inspection } from '../../../core/proposal/trivial-change.ts';
import { brokenBySettings } from '../../../core/space/constraint/constraint.ts';
import type { ProposalRequest } from '../../../ports/researcher.ts';
import type { LlmOptions } from './options.ts';

type Files = Readonly<Record<string, string>>;

export type Submission =
  | { readonly kind: 'accepted'; readonly proposal: Proposal }
  | { readonly kind: 'refused'; readonly reason: string };

/** Checks the draft as the loop will: does it compile, does it change something, and was it tried before. */
export async function takeSubmission(
  options: LlmOptions,
  request: ProposalRequest,
  files: Files,
  idea: ToolArguments<'submit'>,
): Promise<Submission> {
  const { source } = request;
  const isUnchanged = Object.keys(files).every((file) => files[file] === source.files[file]);
  if (isUnchanged) return refused('Nothing has been edited yet.');
  const inspection = await options.inspect(files);
  if (inspection.kind === 'broken') return refused(`It does not compile: ${describeBreak(inspection)}.`);
  const trivial = await findTriviality(options, source.files, inspection);
  if (trivial !== undefined) return refused(trivial);
  const reading = await options.knobReader.read(files);
  const { kind, edits } = editsOfDraft(source, files, reading.kind === 'read' ? reading.knobs : []);
  const patch = applyEdits(source, edits);
  if (patch.kind === 'refused') return refused(`The edits cannot be put together: ${patch.reason}.`);
  const broken = brokenBySettings(source, edits);
  if (broken !== undefined) return refused(`It would not train: ${broken}.`);
  const earlier = await request.findEarlier?.(patch.files);
  if (earlier !== undefined) {
    const which = earlier === beforeStudy ? 'an experiment of the study before this one' : `experiment ${earlier}`;
    return refused(`It is the same source as ${which} had. Try something else.`);
  }
  return { kind: 'accepted', proposal: { ...describe(idea), kind, edits: [...edits] } };
}

/** Where and why a file does not compile, in one line. */
export function describeBreak({ file, line, message }: Extract<Inspection, { kind: 'broken' }>): string {
  return `${file} line ${line}: ${oneLine(message, 200)}`;
}

async function findTriviality(
  { inspect }: LlmOptions,
  before: Files,
  after: Extract<Inspection, { kind: 'read' }>,
): Promise<string | undefined> {
  const own = await inspect(before);
  if (own.kind === 'broken') return undefined;
  switch (compareForms(own.forms, after.forms)) {
    case 'same':
      return 'Only comments, layout or names differ from the current source, so the run would be the same.';
    case 'seed-only':
      return 'Only the seed differs from the current source. The harness chooses the seeds; another one is no improvement.';
    case 'different':
      return undefined;
  }
}

function describe({
  title,
  hypothesis,
  expected_effect,
}: ToolArguments<'submit'>): Pick<Proposal, 'title' | 'hypothesis'> {
  const effect = expected_effect.trim() === '' ? '' : `\n\nExpected effect: ${expected_effect.trim()}`;
  return {
    title: oneLine(title, 200) || 'An edit without a title',
    hypothesis: plainText(`${hypothesis.trim()}${effect}`).slice(0, 4000),
  };
}

function refused(reason: string): Submission {
  return { kind: 'refused', reason };
}
