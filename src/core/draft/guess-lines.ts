/**
 * What `nocturne init` guessed, and how to change it, as lines of a terminal of 80 columns.
 */

import { writeDuration } from '../journal/settings/parse-duration.ts';
import { lengthIsAll, lengthIsStill } from '../space/range/training-length.ts';
import { commandText, type Draft } from './draft.ts';
import type { EntryPoint } from './entry-points.ts';
import type { MetricCandidate } from './metric-candidates.ts';

export interface Guess {
  /** The setting that it is about. */
  readonly name: string;
  readonly value: string;
  /** Why, and what else there was. */
  readonly notes: readonly string[];
}

export interface Others {
  readonly entryPoints: readonly EntryPoint[];
  readonly metrics: readonly MetricCandidate[];
  /** What was adapted on the way, one sentence each. */
  readonly adapted: readonly string[];
}

/** Every guess of a draft, in the order of the brief. */
export function guessesOf(draft: Draft, others: Others): readonly Guess[] {
  const { metric, budget, seeds } = draft;
  const otherScripts = others.entryPoints.map(({ script }) => script).slice(0, 3);
  const otherMetrics = others.metrics.map(({ name }) => name).slice(0, 4);
  return [
    ...(draft.sandbox === '.' ? [] : [{ name: 'sandbox', value: draft.sandbox, notes: [] }]),
    {
      name: 'train',
      value: commandText(draft.train),
      notes: otherScripts.length === 0 ? [] : [`also found: ${otherScripts.join(', ')} (--train COMMAND)`],
    },
    {
      name: 'metric',
      value: `${metric.name}, ${metric.goal}`,
      notes: [
        `${metric.value}, read from: ${metric.line}`,
        ...(metric.heads === undefined
          ? []
          : [
              `printed for ${metric.heads.slice(0, 4).join(', for ')}: the last one counts, or one that a pattern reads`,
            ]),
        ...(metric.split === 'training' ? ['this is a score on training data: print one on held-out data'] : []),
        ...(otherMetrics.length === 0 ? [] : [`also printed: ${otherMetrics.join(', ')} (--metric NAME)`]),
      ],
    },
    { name: 'budget', value: writeDuration(budget.seconds), notes: [budget.why] },
    { name: 'edit', value: draft.edit.join(', '), notes: knobNotes(draft) },
    ...(draft.include.length === 0
      ? []
      : [{ name: 'include', value: draft.include.join(', '), notes: ['it needs them from beside the sandbox'] }]),
    ...(draft.link.length === 0
      ? []
      : [{ name: 'link', value: draft.link.join(', '), notes: ['it reads them, and git does not have them'] }]),
    ...(draft.env.length === 0
      ? []
      : [
          {
            name: 'env',
            value: draft.env.join(', '),
            notes: ['it reads them, and runs do not get them by themselves'],
          },
        ]),
    { name: 'seed', ...seedGuess(seeds, draft.isRepeatable) },
    ...others.adapted.map((text) => ({ name: 'note', value: text, notes: [] })),
  ];
}

function knobNotes({ knobs }: Draft): string[] {
  const searched = knobs.filter(({ range }) => range !== null);
  const lengths = [...new Set(knobs.filter(({ why }) => why === lengthIsStill).map(({ name }) => name))];
  const still: string[] =
    lengths.length === 0
      ? []
      : [
          `not searched: ${lengths.join(', ')}, as more of it buys a score with time; a range under space: has it searched`,
        ];
  const set = knobs.filter(({ isSetByTrain }) => isSetByTrain === true).map(({ name }) => name);
  if (set.length > 0) {
    const shown = set.slice(0, 6).join(', ') + (set.length > 6 ? ` and ${set.length - 6} more` : '');
    still.push(
      `set by train: ${shown}; to have one searched, take it out there, or declare it under knobs: (docs/space.md)`,
    );
  }
  if (searched.length === 0) {
    return ['no knob was found that a search could turn', ...still];
  }
  const shown = searched.slice(0, 3).map(({ name, text, range }) => `${name} ${text} (${range})`);
  const more = searched.length - shown.length;
  if (searched.every(({ why }) => why === lengthIsAll)) {
    still.push('more of them buys a score with time: there is nothing else to turn');
  }
  return [`knobs: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`, ...still];
}

function seedGuess(seeds: Draft['seeds'], isRepeatable: boolean | undefined): Omit<Guess, 'name'> {
  if (seeds.kind === 'read') return { value: 'read from NOCTURNE_SEED', notes: [] };
  const how = 'read NOCTURNE_SEED in it, so that luck can be measured';
  if (seeds.kind === 'fixed') return { value: `fixed: ${seeds.where}`, notes: [how] };
  if (seeds.kind === 'of-data') {
    const why = 'it decides on which data the score is: leave it, and seed the training by NOCTURNE_SEED';
    return { value: `of the data alone: ${seeds.where}`, notes: [why] };
  }
  if (isRepeatable === true) return { value: 'none: two runs gave the same score', notes: [how] };
  return { value: isRepeatable === false ? 'none: two runs differ' : 'nothing seen of one', notes: [] };
}

/** The guesses as lines of at most 79 characters. */
export function guessLines(guesses: readonly Guess[]): readonly string[] {
  return guesses.flatMap(({ name, value, notes }) => [
    ...wrapped(value, `  ${name.padEnd(8)} `),
    ...notes.flatMap((note) => wrapped(note, ' '.repeat(13))),
  ]);
}

const width = 79;

/** Text in lines that begin with `head`, and after the first with as many blanks; a word too long is cut. */
function wrapped(text: string, head: string): string[] {
  const room = width - head.length;
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const fitted = word.length > room ? `${word.slice(0, room - 1)}…` : word;
    if (current !== '' && current.length + 1 + fitted.length > room) {
      lines.push(current);
      current = fitted;
    } else current = current === '' ? fitted : `${current} ${fitted}`;
  }
  if (current !== '' || lines.length === 0) lines.push(current);
  return lines.map((line, index) => `${index === 0 ? head : ' '.repeat(head.length)}${line}`);
}
