/**
 * Turns a journalled proposal into a candidate: a commit that the attempt's ref points at.
 */

import { ok } from '../core/base/errors.ts';
import { codeSizeOf } from '../core/journal/code-size.ts';
import { experimentOf } from '../core/journal/history.ts';
import { attemptMessage } from '../core/proposal/commit-message.ts';
import { createFilesPatch } from '../core/proposal/file-patch.ts';
import { patchedFiles } from './propose.ts';
import type { Study } from './study.ts';

/** Commits experiment's candidate on its parent; a redo makes the same commit. */
export async function commitCandidate(study: Study, experiment: number): Promise<undefined> {
  const { lab, record } = study;
  const history = study.history();
  if (experiment === 0) {
    const candidate = await lab.workspace.adoptStart(history.start);
    const files = await lab.workspace.read(history.start);
    const form = await formOf(study, files);
    await record({ event: 'candidate-committed', experiment, ...candidate, ...form, code: codeSizeOf(files) });
    return;
  }
  const proposed = experimentOf(history, experiment);
  ok(proposed.proposal !== undefined && proposed.parent !== undefined, 'a numbered experiment has a proposal');
  const { source } = await study.readSource(proposed.parent);
  const files = patchedFiles(source, proposed.proposal);
  const [candidate, form] = await Promise.all([
    lab.workspace.commitCandidate({
      experiment,
      parent: experimentOf(history, proposed.parent).kept ?? history.start,
      message: attemptMessage(proposed),
      date: proposed.proposedAt,
      files,
    }),
    formOf(study, files),
    lab.archive.keep(experiment, 'proposal.json', `${JSON.stringify(proposed.proposal, null, 2)}\n`),
    lab.archive.keep(experiment, 'patch.diff', createFilesPatch(source.files, files)),
  ]);
  await record({ event: 'candidate-committed', experiment, ...candidate, ...form, code: codeSizeOf(files) });
}

/** The normal form without seeds: a later proposal of the same program is recognised by it. */
async function formOf({ lab }: Study, files: Readonly<Record<string, string>>): Promise<{ form?: string }> {
  const form = await lab.normalForm?.(files);
  return form ? { form: form.seedless } : {};
}
