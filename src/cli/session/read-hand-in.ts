/**
 * Reads what is to be handed in, and refuses what would waste a run.
 */
import { openKnobReader } from '../../adapters/knob-reader/knob-reader.ts';
import { createNormalFormReader } from '../../adapters/python/normal-form-reader.ts';
import { createSourceInspector } from '../../adapters/python/source-inspector.ts';
import { findSecret, secretValues } from '../../adapters/redact.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { createSecrets } from '../../core/base/secrets.ts';
import { editsOfDraft } from '../../core/edits/draft-edits.ts';
import { baselineFailure } from '../../core/journal/experiment-row.ts';
import { experimentOf, type History, valuesOf } from '../../core/journal/history.ts';
import { type Hidden, maxHypothesis, maxTitle } from '../../core/journal/proposal.ts';
import { createFilesPatch } from '../../core/proposal/file-patch.ts';
import { hideInFiles } from '../../core/proposal/hidden-values.ts';
import { titleOfChange } from '../../core/proposal/title-of-change.ts';
import { declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import { knobsTrouble } from '../../core/space/declared/knobs-file.ts';
import { mean } from '../../core/statistics/moments.ts';
import type { HandIn } from '../../ports/inbox.ts';
import { createWorkspace } from '../compose/compose.ts';
import type { FoundStudy } from '../study-folder/studies.ts';
import { type HandInAsked, readSource } from './read-hand-in-source.ts';

type Files = Readonly<Record<string, string>>;

export interface ReadyHandIn {
  readonly handIn: HandIn;
  /** Lines that it adds to the incumbent's code, and takes out of it. */
  readonly added: number;
  readonly removed: number;
}

/** What is handed in, ready to be run. Throws a SettingsError that says what is wrong with it. */
export async function readHandIn(asked: HandInAsked): Promise<ReadyHandIn> {
  const { study, located } = asked;
  const { history } = study;
  const workspace = createWorkspace(located, history.tag);
  requireBaseline(study);
  const from = asked.from ?? history.incumbent;
  const base = await workspace.read(commitOf(study, from));
  const files = await readSource(asked, base);
  if (isSame(base, files)) throw unchanged(from, history);
  await requireRunnable(asked, files);
  requireNoSecret(base, files, asked);
  await requireNew(asked, files, await workspace.identify(files));
  const incumbent = await workspace.read(commitOf(study, history.incumbent));
  const title = await titleFor(asked, base, files);
  const hypothesis = plainText(asked.hypothesis ?? '')
    .trim()
    .slice(0, maxHypothesis);
  const { files: told, hidden } = withoutSecrets(base, files);
  return {
    handIn: { kind: 'try', title, hypothesis, files: told, from, ...(hidden.length > 0 && { hidden }) },
    ...linesOf(createFilesPatch(incumbent, files)),
  };
}

function requireBaseline({ history, tag }: FoundStudy): void {
  const failure = baselineFailure(experimentOf(history, 0));
  if (failure === undefined) return;
  throw new SettingsError(
    `The baseline of study ${tag} has no score (${plainText(failure)}), so nothing can be compared with it.`,
    { hint: 'Mend the script, commit it, and begin a new study: `nocturne run`.' },
  );
}

function commitOf({ history, tag }: FoundStudy, experiment: number): string {
  const record = history.experiments[experiment];
  if (record?.candidate) return record.candidate.commit;
  if (experiment === 0) return history.start;
  throw new SettingsError(
    record
      ? `Experiment ${experiment} of study ${tag} has no code yet.`
      : `Study ${tag} has no experiment ${experiment}; it has 0 to ${history.experiments.length - 1}.`,
    { hint: `List the experiments with \`nocturne log --tag ${tag}\`.` },
  );
}

function isSame(before: Files, after: Files): boolean {
  return Object.keys(after).every((file) => before[file] === after[file]);
}

function unchanged(from: number, { incumbent }: History): SettingsError {
  const name = from === 0 ? 'the baseline' : `experiment ${from}`;
  return new SettingsError(
    `Nothing differs from the code of ${name}${from === incumbent ? ', the incumbent' : ''}, so there is nothing to try.`,
    { hint: 'Edit first; a file outside `edit:` does not count.' },
  );
}

async function requireRunnable({ study, located }: HandInAsked, files: Files): Promise<void> {
  const inspection = await createSourceInspector(study.history.interpreter)(files);
  if (inspection.kind === 'broken') {
    const { file, line, message } = inspection;
    throw new SettingsError(`${file} does not compile, line ${line}: ${plainText(message)}.`, {
      hint: 'Mend it, and hand it in again.',
    });
  }
  const knobs = declaredKnobs(located.brief.knobs);
  const trouble = knobs.length === 0 ? undefined : knobsTrouble(knobs, files[knobsFile] ?? '');
  if (trouble !== undefined) throw new SettingsError(`${knobsFile} cannot be used: ${trouble}.`);
}

function requireNoSecret(base: Files, files: Files, { title, hypothesis }: HandInAsked): void {
  const added = createFilesPatch(base, files)
    .split('\n')
    .filter((line) => line.startsWith('+'));
  const secret = findSecret([title, hypothesis, ...added].join('\n'), secretValues(process.env));
  if (secret === undefined) return;
  throw new SettingsError(`It contains what looks like a key (${secret}), and would be committed.`, {
    hint: 'Read the key from an environment variable that `env:` names.',
  });
}

/** The files as the journal has them: a key that was in the code before is a mark. */
export function withoutSecrets(base: Files, files: Files): { readonly files: Files; readonly hidden: Hidden } {
  const secrets = createSecrets(secretValues(process.env));
  for (const text of [...Object.values(base), ...Object.values(files)]) secrets.learn(text);
  return hideInFiles(files, base, secrets.find([...Object.values(base), ...Object.values(files)].join('\n')));
}

/** Throws for what was tried before, comments and names apart, or is waiting to be. */
async function requireNew({ study }: HandInAsked, files: Files, content: string): Promise<void> {
  const { history } = study;
  const same = history.contents.get(content);
  if (same !== undefined) throw tried(history, same, 'It is the same code');
  const { files: told } = withoutSecrets({}, files);
  const waiting = history.handedIn.find((one) => isSame(one.files, told));
  if (waiting) throw new SettingsError(`It is handed in already, as experiment ${waiting.experiment}.`);
  const form = await createNormalFormReader(createSourceInspector(history.interpreter))(files);
  const earlier = form && history.forms.get(form.seedless);
  if (earlier !== undefined)
    throw tried(history, earlier, 'It is the same program, comments, layout, names and the seed apart,');
}

function tried(history: History, experiment: number, what: string): SettingsError {
  const record = experimentOf(history, experiment);
  const values = valuesOf(record);
  const score = values.length === 0 ? '' : `, which scored ${history.frozen.metric.name} ${mean(values)}`;
  return new SettingsError(`${what} as ${experiment === 0 ? 'the baseline' : `experiment ${experiment}`}${score}.`, {
    hint: `See it with \`nocturne show ${experiment}\`.`,
  });
}

async function titleFor({ title, study, located }: HandInAsked, base: Files, files: Files): Promise<string> {
  const given = plainText(title ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  if (given.length > maxTitle)
    throw new SettingsError(`A title may have at most ${maxTitle} characters, found ${given.length}.`, {
      hint: 'Put the rest into --hypothesis.',
    });
  if (given !== '') return given;
  const reader = openKnobReader({ interpreter: study.history.interpreter, brief: located.brief });
  const [before, after] = [await reader.read(base), await reader.read(files)];
  const source = { files: base, knobs: before.kind === 'read' ? before.knobs : [] };
  const { edits } = editsOfDraft(source, files, after.kind === 'read' ? after.knobs : []);
  return plainText(titleOfChange(source, edits, files)).slice(0, maxTitle);
}

function linesOf(patch: string): { readonly added: number; readonly removed: number } {
  const lines = patch.split('\n');
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  return { added: count(/^\+(?!\+\+ )/), removed: count(/^-(?!-- )/) };
}
