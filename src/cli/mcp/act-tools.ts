/**
 * The tools that change something, which are offered with `--act` only. Each does what the command of its name does.
 */
import { z } from 'zod';
import { SettingsError } from '../../core/base/errors.ts';
import { maxNoteCharacters } from '../../core/journal/note-length.ts';
import { maxHypothesis, maxTitle } from '../../core/journal/proposal.ts';
import { runsInFlightOf } from '../../core/views/in-flight.ts';
import { giveWord, pauseStudy } from '../session/give-word.ts';
import { leaveNote, readNote } from '../session/leave-note.ts';
import type { HandInSource } from '../session/read-hand-in-source.ts';
import { stopStudy } from '../session/stop-study.ts';
import { submitExperiment } from '../session/submit-experiment.ts';
import { awaitVerdict, notRunning, verdictJson } from '../session/wait-for-verdict.ts';
import { isWorkedOn } from '../study-folder/is-worked-on.ts';
import { boundedText, experimentField, tagField, wholeNumber } from './inputs.ts';
import { confirm, start } from './start-tools.ts';
import { actTool, readTool, studyFor, type Tool } from './tool.ts';

const note = actTool({
  name: 'note',
  title: 'Leave a note',
  description:
    'Leaves a note of the owner for the researcher of a study: it comes first in what a model reads before each proposal, and is kept in the journal.',
  input: z.strictObject({ tag: tagField, text: boundedText(maxNoteCharacters).describe('what to say') }),
  find: async ({ tag, text }, context) => {
    const { study, remarks } = studyFor(context, tag);
    return { data: await leaveNote(study, readNote(text)), remarks };
  },
});

const stop = actTool({
  name: 'stop',
  title: 'Stop a study',
  description:
    'Asks a running study to end after the experiment in hand; with `now`, the run in flight is cut short and repeated when the study goes on.',
  input: z.strictObject({
    tag: tagField,
    now: z.boolean({ error: 'must be true or false' }).default(false).describe('end the run in flight too'),
  }),
  find: async ({ tag, now }, context) => {
    const { study, remarks } = studyFor(context, tag);
    const said: string[] = [];
    return { data: await stopStudy(study, now, (line) => said.push(line)), remarks: [...remarks, ...said] };
  },
});

const pause = actTool({
  name: 'pause',
  title: 'Pause a study',
  description: 'Pauses a running study: runs in flight still end, and nothing begins until `resume`.',
  input: z.strictObject({ tag: tagField }),
  find: async ({ tag: asked }, context) => {
    const { study, remarks } = studyFor(context, asked);
    const { answer, isRunning } = await pauseStudy(study);
    return { data: { tag: study.tag, isRunning, pausedSince: answer.at }, remarks };
  },
});

const resume = actTool({
  name: 'resume',
  title: 'End a pause',
  description: 'Ends a pause of a study; one that is not running then is started with `start`.',
  input: z.strictObject({ tag: tagField }),
  find: async ({ tag: asked }, context) => {
    const { study, remarks } = studyFor(context, asked);
    const { isRunning } = await giveWord(study, { kind: 'resume' });
    return { data: { tag: study.tag, isRunning }, remarks };
  },
});

/** Characters of what is handed in as a text. */
const maxSourceCharacters = 1_000_000;

const tryExperiment = actTool({
  name: 'try',
  title: 'Hand in an experiment',
  description:
    "Hands in an experiment and answers its number at once; `wait` has its verdict. It is run, measured and judged like any other. Give `diff`, a unified diff against the incumbent's code (or against that of experiment `from`), or `files`, whole editable files by their path in the sandbox; without either, the editable files of the work tree are handed in.",
  input: z.strictObject({
    tag: tagField,
    diff: boundedText(maxSourceCharacters).optional().describe('a unified diff of editable files'),
    files: z
      .record(boundedText(500), boundedText(maxSourceCharacters), {
        error: 'must be an object with the text of each file under its path',
      })
      .optional()
      .describe('whole editable files: path in the sandbox -> text'),
    from: experimentField.optional().describe('experiment whose code `diff` applies to; default: the incumbent'),
    title: boundedText(maxTitle).optional().describe('what is changed, in a few words'),
    hypothesis: boundedText(maxHypothesis).optional().describe('why it should help'),
  }),
  find: async ({ tag, diff, files, from, title, hypothesis }, context) => {
    const { study, remarks } = studyFor(context, tag);
    const { findSecrets } = context.cleaner;
    const submitted = await submitExperiment(study, {
      source: sourceOf(diff, files),
      from,
      title,
      hypothesis,
      findSecrets,
    });
    const idle = submitted.isRunning ? [] : ['The study is not running: `start` runs what was handed in first.'];
    return { data: submitted, remarks: [...remarks, ...idle] };
  },
});

function sourceOf(diff: string | undefined, files: Readonly<Record<string, string>> | undefined): HandInSource {
  if (diff !== undefined && files !== undefined) throw bothGiven;
  if (diff !== undefined) return { kind: 'text', text: diff, name: 'The diff' };
  return files === undefined ? { kind: 'work-tree' } : { kind: 'files', files };
}

/** Clients end a call after about a minute. */
const maxWaitSeconds = 50;

// It changes nothing, but only a client that hands in has a use for it.
const wait = readTool({
  name: 'wait',
  title: 'Wait for a verdict',
  description: `Waits for the verdict of an experiment, at most ${maxWaitSeconds} s; \`judged\` is false where there is none yet: call it again.`,
  input: z.strictObject({
    tag: tagField,
    experiment: experimentField,
    seconds: wholeNumber(0, maxWaitSeconds).default(45).describe('how long to wait at most'),
  }),
  find: async ({ tag, experiment, seconds }, context, signal) => {
    const { study, remarks } = studyFor(context, tag);
    // A follower that is told to end before it has looked sees nothing, so it gets a moment.
    const ending = AbortSignal.any([signal, AbortSignal.timeout(Math.max(seconds * 1000, 100))]);
    const judged = await awaitVerdict(study, experiment, ending);
    if (judged) return { data: { judged: true, ...verdictJson(study, judged) }, remarks };
    if (!(await isWorkedOn(study.folder))) throw notRunning(study, experiment);
    const inFlight = runsInFlightOf(studyFor(context, tag).study, new Date().toISOString());
    return { data: { judged: false, tag: study.tag, experiment, inFlight }, remarks };
  },
});

const bothGiven = new SettingsError(
  '`diff` and `files` do not go together: an experiment is handed in as one of them.',
  {
    hint: 'Give the whole files, or a diff.',
  },
);

/** In the order in which clients list them. */
export const actTools: readonly Tool[] = [note, pause, resume, stop, tryExperiment, wait, confirm, start];
