/**
 * The values of the prompts' names in this study: facts that do not change for the system prompt, and the present state
 * for the others.
 */

import { formatDuration } from '../base/format.ts';
import { ideasLeft, liveHours } from '../decide/stopping.ts';
import { statusOf } from '../journal/experiment-row.ts';
import { fixedWorkForResearchers, isFixedWork } from '../journal/fixed-work.ts';
import { experimentOf, type History, valuesOf } from '../journal/history.ts';
import { isPlateau } from '../journal/plateau.ts';
import type { Proposal } from '../journal/proposal.ts';
import type { StudyWalk } from '../judge/policies/value/walk-history.ts';
import type { Space } from '../space/knob.ts';
import { mean } from '../statistics/moments.ts';
import { keepText, noiseText } from './keep-text.ts';
import { describeIdea, formatExact, ledgerLine, standingOf } from './ledger-line.ts';
import { nearMissesOf } from './near-misses.ts';
import { oneLine } from './one-line.ts';
import { plateauGuidance } from './plateau-guidance.ts';

/** The prompts, and the names that each of them uses. */
export const promptNames = {
  system: ['metric', 'direction', 'editable', 'budget', 'scoring', 'turns', 'repairs'],
  scored: ['metric'],
  'self-reported': ['metric'],
  study: ['notes', 'brief', 'files'],
  ask: ['experiment', 'incumbent', 'noise', 'remaining', 'running', 'refused', 'insights', 'guidance'],
  explore: [],
  plateau: ['since_keep', 'near_misses'],
  insights: ['experiment', 'metric', 'direction', 'previous'],
  agent: ['experiment', 'metric', 'direction', 'editable', 'budget', 'notes', 'brief', 'ledger'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type PromptName = keyof typeof promptNames;

/** Fills the values into a prompt. */
export type RenderPrompt = <Name extends PromptName>(
  name: Name,
  values: Readonly<Record<(typeof promptNames)[Name][number], string>>,
) => string;

/** The researcher whose proposals a model's count as. */
const modelResearcher = 'llm';
/** Refusals that the prompt quotes. */
const maxRefusals = 5;

/** The system prompt, which does not change within a study. */
export function renderSystem(render: RenderPrompt, { frozen }: History, turns: number, repairs: number): string {
  const metric = frozen.metric.name;
  const clock = frozen.budgetClock === 'cpu' ? 'CPU time' : 'wall time';
  return render('system', {
    metric,
    direction: directionOf(frozen.metric.goal),
    editable: frozen.edit.join(', '),
    budget: `${formatDuration(frozen.budgetSeconds)} of ${clock}`,
    scoring: render(frozen.score ? 'scored' : 'self-reported', { metric }),
    turns: String(turns),
    repairs: String(repairs),
  });
}

const notebookNote =
  'A notebook is shown, and edited, as the sources of its cells, each behind a line `# %%`; keep these lines as they are.';

/** The owner's notes and the brief, which change only when the owner changes them, and the files. */
export function renderStudy(render: RenderPrompt, history: History, fixedFiles: readonly string[]): string {
  const { frozen, session, notes } = history;
  const files = [
    `Editable: ${frozen.edit.join(', ')}.`,
    fixedFiles.length === 0 ? '' : `Fixed, to be read with read_file: ${fixedFiles.join(', ')}.`,
    frozen.edit.some((file) => file.endsWith('.ipynb')) ? notebookNote : '',
    `The training is started with: ${frozen.train.join(' ')}`,
    isFixedWork(history) ? fixedWorkForResearchers : '',
  ];
  return render('study', {
    notes: notes.length === 0 ? 'None yet.' : notes.map((note) => `- ${note.text.trim()}`).join('\n'),
    brief: session.prose.trim() || 'The owner wrote no more than the settings.',
    files: files.filter((line) => line !== '').join('\n'),
  });
}

/** What a request for a proposal brings along. */
export interface AskedNow {
  readonly wantedKind?: Proposal['kind'] | undefined;
  readonly space?: Space | undefined;
  readonly walk?: StudyWalk | undefined;
}

/** The last message: the state of the study, and the kind of proposal that is wanted now. */
export function renderAsk(
  render: RenderPrompt,
  history: History,
  experiment: number,
  { wantedKind, space = [], walk }: AskedNow = {},
): string {
  return render('ask', {
    experiment: String(experiment),
    incumbent: describeIncumbent(history),
    noise: describeNoise(history, walk),
    remaining: describeRemaining(history, experiment),
    running: describeRunning(history),
    refused: describeRefusals(history),
    insights: history.insights.at(-1)?.text ?? 'Nothing has been distilled yet.',
    guidance: [wantedWords(wantedKind), renderGuidance(render, history, space)]
      .filter((text) => text !== '')
      .join('\n\n'),
  });
}

/** The request for an insight: a summary of what the study has taught. */
export function renderInsights(render: RenderPrompt, history: History, experiment: number): string {
  const { name, goal } = history.frozen.metric;
  return render('insights', {
    experiment: String(experiment),
    metric: name,
    direction: directionOf(goal),
    previous: history.insights.at(-1)?.text ?? 'There is none yet.',
  });
}

/** The goal in words. */
export function directionOf(goal: 'minimize' | 'maximize'): string {
  return goal === 'minimize' ? 'lower is better' : 'higher is better';
}

function wantedWords(kind: Proposal['kind'] | undefined): string {
  if (kind === undefined) return '';
  return kind === 'knobs'
    ? 'This time a bundle of knobs is wanted: several values that belong together, and no other code.'
    : 'This time code is wanted: the model, the optimiser, the schedule, the data order or the numerics, not only knobs.';
}

function renderGuidance(render: RenderPrompt, history: History, space: Space): string {
  if (!isPlateau(history)) return render('explore', {});
  const lines = nearMissesOf(history).map(
    (row) => `  - ${ledgerLine(history, experimentOf(history, row.experiment), row)}`,
  );
  const general = render('plateau', {
    since_keep: String(history.sinceKeep),
    near_misses: lines.length === 0 ? '  - none yet' : lines.join('\n'),
  });
  const own = plateauGuidance(history, space);
  return own === '' ? general : `${general}\n\nWhat was tried here suggests:\n${own}`;
}

/** Which experiment the incumbent is, and how it compares with the baseline. */
export function describeIncumbent(history: History): string {
  const record = experimentOf(history, history.incumbent);
  const values = valuesOf(record);
  const baseline = valuesOf(experimentOf(history, 0));
  const name = record.experiment === 0 ? 'the baseline' : `experiment ${record.experiment}`;
  if (values.length === 0 || baseline.length === 0) return name;
  const metric = `${history.frozen.metric.name} ${formatExact(mean(values))}`;
  const runs = values.length === 1 ? 'one run' : `the mean of ${values.length} runs`;
  return `${name} with ${metric}, ${runs}; the baseline has ${formatExact(mean(baseline))}`;
}

function describeNoise(history: History, walk: StudyWalk | undefined): string {
  const worth = walk === undefined ? '' : keepText(history, walk, modelResearcher);
  return [noiseText(history), worth].filter((text) => text !== '').join(' ');
}

function describeRemaining(history: History, experiment: number): string {
  const { stop } = history.session;
  const parts = [
    stop.experiments === undefined
      ? ''
      : `${Math.max(0, ideasLeft(history) - (experiment - history.experiments.length))} experiments`,
    stop.hours === undefined
      ? ''
      : `${Math.max(0, stop.hours - liveHours(history, { at: history.lastAt })).toFixed(1)} hours`,
  ];
  const left = parts.filter((part) => part !== '').join(' and ');
  const target = stop.target === undefined ? '' : ` The owner's target is ${formatExact(stop.target)}.`;
  return `${left === '' ? 'The study goes on until it is stopped.' : `Left in this study, this one included: ${left}.`}${target}`;
}

function describeRunning(history: History): string {
  const running = history.experiments.filter((record) => record.experiment > 0 && statusOf(record) === 'running');
  return (
    running
      .map((record) => {
        const idea = describeIdea({ title: record.proposal?.title ?? '' }, record.proposal);
        return `#${record.experiment} ${idea} (${standingOf(record)})`;
      })
      .join('; ') || 'nothing'
  );
}

function describeRefusals(history: History): string {
  if (history.refusedInARow === 0) return 'nothing';
  const recent = history.refusals.slice(-Math.min(history.refusedInARow, maxRefusals));
  return recent.map(({ title, reason }) => `"${oneLine(title, 100)}" (${oneLine(reason, 160)})`).join('; ');
}
