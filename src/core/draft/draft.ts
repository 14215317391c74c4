/**
 * A brief as `nocturne init` drafts it from what it saw, and its text as `program.md` has it.
 */

import type { Goal } from '../base/metric.ts';
import { singleQuoted } from '../base/yaml-text.ts';
import type { Argv } from '../journal/settings/argv.ts';
import { writeDuration } from '../journal/settings/parse-duration.ts';
import type { BudgetGuess } from './budget-guess.ts';
import { secondsText } from './budget-guess.ts';
import type { MetricCandidate } from './metric-candidates.ts';
import type { SeedReading } from './seeds.ts';

/** A knob with the range in which a search would set it. */
export interface DraftKnob {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** As a brief has it; null for a knob that is not searched. */
  readonly range: string | null;
  readonly why: string;
  /** Whether a brief may declare the range (default: yes); otherwise the search derives it again. */
  readonly isWritable?: boolean;
  /** Whether it would be searched, did the command not set it. */
  readonly isSetByTrain?: boolean;
}

export interface Draft {
  /** What the project is called: the name of its folder. */
  readonly title: string;
  /** Relative to the brief. */
  readonly sandbox: string;
  readonly train: Argv;
  readonly edit: readonly string[];
  readonly metric: MetricCandidate & { readonly goal: Goal };
  readonly budget: BudgetGuess;
  readonly include: readonly string[];
  readonly link: readonly string[];
  readonly env: readonly string[];
  /** Whether the run asked for the network. */
  readonly network?: boolean;
  readonly knobs: readonly DraftKnob[];
  readonly seeds: SeedReading;
  /** Whether a second run with another seed gave the same score; absent where there was none. */
  readonly isRepeatable?: boolean | undefined;
  /** How long the dry run took, in seconds. */
  readonly seconds: number;
}

/** More ranges than this are left to `nocturne space --write`. */
const maxRanges = 40;

/** The text of `program.md`. */
export function briefText(draft: Draft): string {
  const { sandbox, train, edit, metric, budget, include, link, env, network } = draft;
  const { name, pattern, file } = metric;
  const place =
    file !== undefined ? `, file: ${inYaml(file)}` : pattern !== undefined ? `, pattern: ${singleQuoted(pattern)}` : '';
  const named = place === '' ? inYaml(name) : `{ name: ${inYaml(name)}${place} }`;
  const lines = [
    ...(sandbox === '.' ? [] : [line('sandbox', inYaml(sandbox), 'the folder researched')]),
    line('train', commandText(train), 'one run'),
    line('edit', list(edit), 'the only files an experiment may change'),
    line('metric', named, pattern === undefined ? `last seen: ${metric.value}` : ''),
    line('goal', metric.goal, 'minimize or maximize'),
    line('budget', writeDuration(budget.seconds), budget.why),
    ...(budget.endsAtBudget ? [line('end_at_budget', 'true', 'its last score by then counts')] : []),
    ...(include.length === 0
      ? []
      : [line('include', list(include), 'tracked files beside the sandbox that a run needs')]),
    ...(link.length === 0 ? [] : [line('link', list(link), 'files that git does not have and a run reads')]),
    ...(env.length === 0 ? [] : [line('env', list(env), 'variables that a run gets besides the usual ones')]),
    ...(network ? [line('network', 'true', 'runs ask for it, and can then reach any machine')] : []),
    ...spaceLines(draft.knobs),
    line('stop', '{ experiments: 100, hours: 8 }', ''),
  ];
  return `---\n${lines.join('\n')}\n---\n\n${prose(draft)}`;
}

function line(key: string, value: string, comment: string): string {
  const text = `${key}: ${value}`;
  return comment === '' ? text : `${text.padEnd(31)} # ${comment}`;
}

function list(values: readonly string[]): string {
  return `[${values.map(inYaml).join(', ')}]`;
}

/** A text as YAML reads it back, quoted only where it must be. */
function inYaml(text: string): string {
  const isPlain =
    /^[A-Za-z_./][\w./@+ -]*$/.test(text) &&
    !/ #|\s$/.test(text) &&
    !/^(?:true|false|null|yes|no|on|off|~)$/i.test(text);
  return isPlain ? text : singleQuoted(text);
}

/** A command as one line where a shell would read it so, else as a list. */
export function commandText(argv: Argv): string {
  const isPlain = argv.every((word) => /^[\w./@=:,+-]+$/.test(word));
  const text = argv.join(' ');
  if (isPlain && !text.includes(': ') && !/[:]$/.test(text)) return text;
  return `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;
}

function spaceLines(knobs: readonly DraftKnob[]): string[] {
  const written = rangesToWrite(knobs);
  const entries = Object.entries(written);
  if (entries.length === 0) return [];
  return ['space:', ...entries.map(([name, range]) => `  ${inYaml(name)}: ${singleQuoted(range)}`)];
}

/** The ranges that the brief writes down: those of names that stand for one range. */
function rangesToWrite(knobs: readonly DraftKnob[]): Readonly<Record<string, string>> {
  const searched = knobs.flatMap(({ name, range, isWritable = true }) =>
    range === null || !isWritable ? [] : [{ name, range }],
  );
  const isTwofold = (name: string) => knobs.filter((knob) => knob.name === name).length > 1;
  const single = searched.filter(({ name }) => !isTwofold(name)).slice(0, maxRanges);
  return Object.fromEntries(single.map(({ name, range }) => [name, range]));
}

function prose({ title, train, edit, metric, seconds, knobs, seeds, isRepeatable, budget }: Draft): string {
  const searched = knobs.filter(({ range }) => range !== null);
  const files =
    edit.length === 1
      ? `\`${edit[0]}\``
      : `${edit
          .slice(0, -1)
          .map((file) => `\`${file}\``)
          .join(', ')} and \`${edit.at(-1)}\``;
  const count = searched.length === 1 ? 'one knob' : `${searched.length} knobs`;
  return `# ${title}

\`${train.join(' ')}\` was run once as it is. It took ${secondsText(seconds)}${budget.endsAtBudget ? ', when it was stopped' : ''}, and the last score that it gave was

    ${metric.line.slice(0, 200)}

which is read as ${metric.name} = ${metric.value}. A search finds ${count} in ${files}. ${luckOf(seeds, isRepeatable)}

## What to research

Find settings of ${files}, and changes to the method, that improve ${metric.name} within the same training time of
${writeDuration(budget.seconds)} a run. How ${metric.name} is computed, and on which data, stays as it is.

## What is known

(For you to write: what was tried before, what must not change, what you would try first.)
`;
}

/** What the brief says of the seed. */
function luckOf(seeds: SeedReading, isRepeatable: boolean | undefined): string {
  if (seeds.kind === 'read') return 'The script takes its random seed from NOCTURNE_SEED, so every run has its own.';
  if (isRepeatable === true) {
    return 'Two runs gave the same score to the last digit: the script does not take the seed of a run (NOCTURNE_SEED), so luck cannot be measured.';
  }
  if (seeds.kind === 'of-data') {
    return `The seed of the data (${seeds.where}) stays as it is, since another one makes another score; a seed of the training may be read from NOCTURNE_SEED.`;
  }
  if (seeds.kind === 'unsaid') return 'Nothing was seen of a random seed; a script may read one from NOCTURNE_SEED.';
  return `The script sets a random seed of its own (${seeds.where}); with \`int(os.environ.get("NOCTURNE_SEED", 0))\` in its place, luck can be measured.`;
}
