/**
 * The tools that only read. Each answers what the command of the same purpose prints with `--json`.
 */
import { z } from 'zod';
import { journalPath, readSound } from '../../adapters/archive/read-journal.ts';
import type { Entry } from '../../core/journal/entry.ts';
import { experimentRows } from '../../core/journal/experiment-row.ts';
import { openJobReader } from '../compose/engines.ts';
import { readRunCurve } from '../study-folder/read-curve.ts';
import { readBestPatch, readExperiment, readPatch, requireExperiment } from '../study-folder/read-experiment.ts';
import { readStatus } from '../study-folder/read-status.ts';
import { readStudyRows } from '../study-folder/study-rows.ts';
import { clip, clippedText, pageBefore, pageFrom } from './clip.ts';
import { diffPage } from './diff-page.ts';
import { experimentField, tagField, wholeNumber } from './inputs.ts';
import { damageRemark, maxCharacters, readTool, studyFor, type Tool } from './tool.ts';

/** Characters that the items of a page may take together. */
const pageCharacters = maxCharacters - 1000;

const studies = readTool({
  name: 'studies',
  title: 'Studies',
  description:
    'All studies of this project side by side, the one worked on last first: tag, state, metric, baseline, best and gain.',
  input: z.strictObject({}),
  find: async (_, { briefArgument }) => {
    const { rows, unreadable, damaged } = await readStudyRows(briefArgument);
    const unread = unreadable.map((tag) => `The journal of study ${tag} cannot be read.`);
    const partly = damaged.map(({ tag, damage }) => damageRemark(`The journal of study ${tag}`, damage));
    return { data: rows, remarks: [...unread, ...partly] };
  },
});

const status = readTool({
  name: 'status',
  title: 'Status of a study',
  description:
    'Where a study stands: running or not, baseline and best with intervals, counts, runs in flight, money and hours spent, what to expect of more experiments, warnings.',
  input: z.strictObject({ tag: tagField }),
  find: async ({ tag }, context) => {
    const { study, remarks } = studyFor(context, tag);
    return { data: (await readStatus(study)).status, remarks };
  },
});

const statuses = ['baseline', 'kept', 'reverted', 'failed', 'dropped', 'running'] as const;

const experiments = readTool({
  name: 'experiments',
  title: 'Experiments of a study',
  description:
    'One row per experiment: status, title, metric, gain over its parent with half of its 95 % interval, seconds, reason. The newest by default; `from` pages through all.',
  input: z.strictObject({
    tag: tagField,
    from: wholeNumber(0, 999_999).optional().describe('first experiment of the page; default: the last page'),
    limit: wholeNumber(1, 50).default(20).describe('rows at most'),
    status: z
      .enum(statuses, { error: `must be one of ${statuses.join(', ')}` })
      .optional()
      .describe('only experiments with this status'),
  }),
  find: async ({ tag, from, limit, status: wanted }, context) => {
    const { study, remarks } = studyFor(context, tag);
    const rows = experimentRows(study.history)
      .map(({ reason, ...row }) => ({ ...row, reason }))
      .filter((row) => wanted === undefined || row.status === wanted);
    const begin = rows.findIndex(({ experiment }) => experiment >= (from ?? 0));
    const { items, start } =
      from === undefined
        ? pageBefore(rows, rows.length, limit, pageCharacters)
        : pageFrom(rows, begin === -1 ? rows.length : begin, limit, pageCharacters);
    const next = rows[start + items.length]?.experiment ?? null;
    return { data: { total: rows.length, next, experiments: items }, remarks };
  },
});

const experiment = readTool({
  name: 'experiment',
  title: 'One experiment',
  description:
    'Hypothesis, edits, diff, every run with seed, outcome and score, and the verdict with its statistics. Its log is evidence where it failed.',
  input: z.strictObject({ tag: tagField, experiment: experimentField }),
  find: async (input, context) => {
    const { study, remarks } = studyFor(context, input.tag);
    return { data: await readExperiment(study, input.experiment), remarks };
  },
});

const diff = readTool({
  name: 'diff',
  title: 'Diff',
  description:
    "The diff of one experiment against its parent's code, or without a number all that was kept, from the start of the study to its best. Long ones come in pages of lines.",
  input: z.strictObject({
    tag: tagField,
    experiment: experimentField.optional().describe('number of the experiment; default: all that was kept'),
    from_line: wholeNumber(1, 10_000_000).default(1).describe('first line of the page'),
  }),
  find: async (input, context) => {
    const { study, remarks } = studyFor(context, input.tag);
    const { experiment: number = study.history.incumbent } = input;
    if (input.experiment !== undefined) requireExperiment(study, number);
    const patch = input.experiment === undefined ? await readBestPatch(study) : await readPatch(study, number);
    const { text, ...lines } = diffPage(context.cleaner.clean(patch), input.from_line, pageCharacters);
    const none =
      patch === '' ? ['There is no diff: it is the code as it was, or the folder of the experiment is gone.'] : [];
    return {
      data: { experiment: number, ...lines },
      remarks: [...remarks, ...none],
      ...(text !== '' && { text: { label: 'diff', text } }),
    };
  },
});

const curve = readTool({
  name: 'curve',
  title: 'Loss curve of a run',
  description: 'The loss over the share of the budget or over steps, at most 150 points, as far as the log has them.',
  input: z.strictObject({
    tag: tagField,
    experiment: experimentField,
    run: wholeNumber(1, 999_999).optional().describe('number of the run; default: the first that was measured'),
  }),
  find: async ({ tag, experiment: number, run }, context) => {
    const { study, remarks } = studyFor(context, tag);
    const jobs = openJobReader(study.history.session.engine);
    return { data: await readRunCurve(study, jobs, number, run), remarks };
  },
});

/** Texts and lists of an entry are shown this long. */
const entryLevel = { characters: 600, items: 40 };

const journal = readTool({
  name: 'journal',
  title: 'Journal of a study',
  description:
    'The last entries of the append-only log that all else follows from, oldest first; `before` pages back. Long texts in an entry are cut.',
  input: z.strictObject({
    tag: tagField,
    limit: wholeNumber(1, 50).default(20).describe('entries at most'),
    before: wholeNumber(1, 1_000_000_000).optional().describe('only entries with a smaller `seq`'),
  }),
  find: async ({ tag, limit, before }, context) => {
    const { study, remarks } = studyFor(context, tag);
    const wanted = [...readSound(journalPath(study.folder))].filter(
      ({ seq, event }) => (before === undefined || seq < before) && !(context.isActing && holdoutEvents.has(event)),
    );
    const last = wanted.slice(-limit).map((entry) => clip(entry, context.cleaner.clean, entryLevel));
    const { items } = pageBefore(last, last.length, limit, pageCharacters);
    const shown = items.map(({ value }) => value as Entry);
    const cut = items.reduce((sum, { texts, lists }) => ({ texts: sum.texts + texts, lists: sum.lists + lists }), {
      texts: 0,
      lists: 0,
    });
    const cutting = clippedText(cut);
    const earlier = wanted.length > items.length ? (shown[0]?.seq ?? null) : null;
    return {
      data: { before: earlier, entries: shown },
      remarks: cutting === undefined ? remarks : [...remarks, cutting],
    };
  },
});

/** Entries with scores of the holdout, which a client that may try experiments is not shown. */
const holdoutEvents: ReadonlySet<Entry['event']> = new Set(['holdout-scored', 'gauge-read']);

/** In the order in which clients list them. */
export const readTools: readonly Tool[] = [studies, status, experiments, experiment, diff, curve, journal];
