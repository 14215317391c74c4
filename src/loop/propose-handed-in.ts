/**
 * Makes a proposal of what was handed in.
 */
import { unmask } from '../core/base/secrets.ts';
import { editsOfDraft } from '../core/edits/draft-edits.ts';
import type { HandedIn } from '../core/journal/history.ts';
import { secretsAt } from '../core/proposal/hidden-values.ts';
import type { Source } from '../core/space/knob.ts';
import type { ProposalRequest } from '../ports/researcher.ts';
import { recordProposal } from './record-proposal.ts';
import type { Study } from './study.ts';

/** Journals an experiment that was handed in as a proposal of the owner's; what it is to run is never refused. */
export async function proposeHandedIn(
  study: Study,
  { experiment, attempt, source }: ProposalRequest,
  handedIn: HandedIn,
): Promise<undefined> {
  const { title, hypothesis } = handedIn;
  const { files, secrets } = await shownFiles(study, source, handedIn);
  const reading = await study.lab.knobReader.read(files);
  const { kind, edits } = editsOfDraft(source, files, reading.kind === 'read' ? reading.knobs : []);
  // The incumbent may have become the same program meanwhile; it is run all the same.
  const written = Object.entries(files).map(([file, content]) => ({ kind: 'write' as const, file, content }));
  const proposal = { title, hypothesis, kind, edits: edits.length > 0 ? [...edits] : written };
  await recordProposal(study, { experiment, attempt, researcher: 'owner' }, source, proposal, { secrets });
  return undefined;
}

/** The files with the secrets, and these, of the code that they were made from, which the journal has as marks. */
async function shownFiles(
  { lab, history }: Study,
  source: Source,
  { files, from, hidden = [] }: HandedIn,
): Promise<{ readonly files: Source['files']; readonly secrets: readonly string[] }> {
  const commit = history().experiments[from]?.candidate?.commit ?? (from === 0 ? history().start : undefined);
  const base = commit === undefined ? {} : await lab.workspace.read(commit);
  const texts = [source.files, base].flatMap((each) => Object.values(each));
  // Those of the owner's environment are not known here.
  const secrets = [...new Set([...secretsAt(hidden, base), ...texts.flatMap(lab.secretsIn ?? (() => []))])];
  const shown = Object.entries(files).map(([file, text]) => [file, unmask(text, secrets)] as const);
  return { files: Object.fromEntries(shown), secrets };
}
