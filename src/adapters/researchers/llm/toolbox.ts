/**
 * The model's tools: each call reads this study, edits a draft of the editable files in memory, or hands the draft in.
 * Nothing else can be reached through them.
 */

import { editDraft } from '../../../core/edits/draft.ts';
import type { Proposal } from '../../../core/journal/proposal.ts';
import { compareExperiments, type ExperimentSide } from '../../../core/llm/compare-experiments.ts';
import { boundDiff, experimentInFull } from '../../../core/llm/experiment-detail.ts';
import { fence } from '../../../core/llm/fence.ts';
import { listExperiments } from '../../../core/llm/list-experiments.ts';
import { oneLine } from '../../../core/llm/one-line.ts';
import { readLines } from '../../../core/llm/read-lines.ts';
import { readToolCall, type ToolArguments, type ToolReading } from '../../../core/llm/tool-schemas.ts';
import { createFilesPatch } from '../../../core/proposal/file-patch.ts';
import type { ToolCall } from '../../../ports/model.ts';
import type { ProposalRequest } from '../../../ports/researcher.ts';
import type { LlmOptions } from './options.ts';
import { describeBreak, takeSubmission } from './submission.ts';
import { unmaskEdit } from './unmask-edit.ts';

/** What a call came to. A `mistake` is one that counts against the repairs. */
export interface Performed {
  readonly kind: 'done' | 'wrong' | 'mistake' | 'submitted';
  readonly text: string;
  readonly proposal?: Proposal;
}

export interface Toolbox {
  readonly perform: (call: ToolCall) => Promise<Performed>;
  /** The title of the last idea that was handed in. */
  readonly title: () => string | undefined;
  /** While the draft is the source as it was: what was wrong with the first edit that did not apply. */
  readonly failedEdit: () => string | undefined;
}

const maxDiffCharacters = 8000;

/** The tools for one proposal; the draft begins as the incumbent's source. */
export function createToolbox(options: LlmOptions, request: ProposalRequest, signal: AbortSignal): Toolbox {
  const { history, source } = request;
  let files: Readonly<Record<string, string>> = source.files;
  let title: string | undefined;
  let failedEdit: string | undefined;

  const readFile = async ({ file, from, to }: ToolArguments<'read_file'>): Promise<Performed> => {
    const path = file.replace(/^\.\//, '');
    const own = Object.hasOwn(files, path) ? files[path] : undefined;
    const content = own ?? (await options.fixedFiles.read(history, path));
    if (content !== undefined) return done(readLines(content, from, to));
    const known = [...Object.keys(files), ...(await options.fixedFiles.list(history))];
    return { kind: 'wrong', text: `There is no ${file} to be read; there are ${known.join(', ')}.` };
  };

  const recordOf = (experiment: number) => history.experiments[experiment] ?? unknownExperiment(history, experiment);

  const showExperiment = async ({ experiment }: ToolArguments<'show_experiment'>): Promise<Performed> => {
    const record = recordOf(experiment);
    if ('kind' in record) return record;
    const texts = await options.readTexts(history, experiment);
    return done(experimentInFull(history, record, texts, options.delimiter));
  };

  const compare = async ({ first, second }: ToolArguments<'compare_experiments'>): Promise<Performed> => {
    const sides: ExperimentSide[] = [];
    for (const experiment of [first, second]) {
      const record = recordOf(experiment);
      if ('kind' in record) return record;
      const texts = await options.readTexts(history, experiment);
      sides.push({ record, log: texts.log, files: await request.filesOf?.(experiment) });
    }
    const [a, b] = sides;
    return a && b ? done(compareExperiments(history, a, b, maxDiffCharacters)) : unknownExperiment(history, second);
  };

  const startFrom = async ({ experiment }: ToolArguments<'start_from'>): Promise<Performed> => {
    const record = recordOf(experiment);
    if ('kind' in record) return record;
    const found = await request.filesOf?.(experiment);
    if (!found) return { kind: 'wrong', text: `The code of experiment ${experiment} is not at hand.` };
    files = found;
    failedEdit = undefined;
    const diff = createFilesPatch(source.files, files);
    if (diff === '') return done(`The draft is experiment ${experiment}'s code, which is the current source.`);
    return done(
      `The draft is now experiment ${experiment}'s code. From the current source it differs by:\n${boundDiff(diff, maxDiffCharacters)}`,
    );
  };

  const edit = (change: ToolArguments<'edit'>): Performed => {
    const texts = [...Object.values(files), ...Object.values(source.files)];
    const shown = unmaskEdit(change, texts, options.secretsIn);
    if (shown.kind === 'unknown') {
      const text = `Nothing was changed: ${shown.mark} stands for a value that is not shown to you, and no editable file holds it. Leave such values as they are.`;
      return { kind: 'mistake', text };
    }
    const edited = editDraft(files, shown.change, history.frozen.sandbox);
    if (edited.kind === 'refused') return { kind: 'mistake', text: edited.feedback };
    files = edited.files;
    failedEdit = undefined;
    return done(`${edited.file} now reads:\n${edited.note}`);
  };

  const check = async (): Promise<Performed> => {
    const inspection = await options.inspect(files);
    if (inspection.kind === 'broken')
      return { kind: 'wrong', text: `It does not compile: ${describeBreak(inspection)}.` };
    const diff = createFilesPatch(source.files, files);
    if (diff === '') return done('It compiles, but nothing has been edited yet.');
    const smoke = options.smokeRun
      ? `A short run says:\n${fence('smoke run', await options.smokeRun(request, files, signal), options.delimiter)}`
      : 'No short run is possible here, so it was only compiled.';
    return done(`It compiles. ${smoke}\nAll edits so far:\n${boundDiff(diff, maxDiffCharacters)}`);
  };

  const submit = async (idea: ToolArguments<'submit'>): Promise<Performed> => {
    title = idea.title;
    const submission = await takeSubmission(options, request, files, idea);
    if (submission.kind === 'refused') return { kind: 'mistake', text: submission.reason };
    return { kind: 'submitted', text: 'Accepted.', proposal: submission.proposal };
  };

  const act = async (call: ToolCall): Promise<Performed> => {
    const reading = readToolCall(call.name, call.arguments);
    if (reading.kind === 'refused') return { kind: 'mistake', text: reading.reason };
    const performed = await perform(reading);
    return reading.ignored.length === 0 ? performed : { ...performed, text: performed.text + ignoredWords(reading) };
  };

  const perform = async (reading: Extract<ToolReading, { kind: 'read' }>): Promise<Performed> => {
    switch (reading.name) {
      case 'read_file':
        return readFile(reading.arguments);
      case 'list_experiments':
        return done(listExperiments(history, reading.arguments));
      case 'show_experiment':
        return showExperiment(reading.arguments);
      case 'compare_experiments':
        return compare(reading.arguments);
      case 'read_notes':
        return done(describeNotes(request));
      case 'edit':
        return edit(reading.arguments);
      case 'reset':
        files = source.files;
        failedEdit = undefined;
        return done('The draft is the current source again.');
      case 'start_from':
        return startFrom(reading.arguments);
      case 'check':
        return check();
      case 'submit':
        return submit(reading.arguments);
      default:
        return reading satisfies never;
    }
  };

  return {
    title: () => title,
    failedEdit: () => failedEdit,
    perform: async (call) => {
      const performed = await act(call);
      if (call.name === 'edit' && performed.kind === 'mistake' && files === source.files) failedEdit ??= performed.text;
      return performed;
    },
  };
}

function ignoredWords({ name, ignored }: Extract<ToolReading, { kind: 'read' }>): string {
  const names = ignored.map((key) => `\`${oneLine(key, 40)}\``).join(', ');
  return `\n(Ignored, since ${name} has no such argument: ${names}.)`;
}

function describeNotes({ history: { notes, insights } }: ProposalRequest): string {
  const owner = notes.map((note) => `- ${note.at.slice(0, 16)} ${note.text.trim()}`);
  const learned = insights.slice(-5).map((insight) => `After experiment ${insight.experiment}:\n${insight.text}`);
  return [
    owner.length === 0 ? 'The owner left no notes.' : ['Notes from the owner:', ...owner].join('\n'),
    learned.length === 0 ? 'Nothing has been distilled yet.' : learned.join('\n\n'),
  ].join('\n\n');
}

function unknownExperiment({ experiments }: ProposalRequest['history'], experiment: number): Performed {
  return { kind: 'wrong', text: `There is no experiment ${experiment}; the last is ${experiments.length - 1}.` };
}

function done(text: string): Performed {
  return { kind: 'done', text };
}
