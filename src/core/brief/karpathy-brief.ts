/**
 * The brief of a karpathy-shaped folder: a `program.md` of prose alone, beside a `train.py` that prints `val_bpb`.
 *
 * https://github.com/karpathy/autoresearch keeps the training time as `TIME_BUDGET` in `prepare.py`.
 */

import { BriefError } from '../base/errors.ts';
import { refusalError, refuse } from '../base/read-result.ts';
import { readDuration } from '../journal/settings/parse-duration.ts';
import { readNumber } from '../space/number-text.ts';
import { type Brief, briefSchema, type GivenBrief } from './brief.ts';
import { goalOf } from './metric-goal.ts';

/** What there is in the folder. */
export interface KarpathyFolder {
  readonly programText: string;
  readonly trainText: string;
  readonly prepareText?: string | undefined;
  readonly files: {
    /** The interpreter of the folder's `.venv`, as a path that runs can start from their own clean folders. */
    readonly venvPython?: string | undefined;
    readonly pyproject: boolean;
    /** Whether the `uv` command is installed. */
    readonly uv: boolean;
  };
}

/** The brief that such a folder stands for. */
export function karpathyBrief({ programText, trainText, prepareText = '', files }: KarpathyFolder): Brief {
  if (!`${trainText}${prepareText}`.includes('val_bpb')) {
    throw new BriefError(
      'train.py must print `val_bpb` when program.md has no front matter, found no such name in it',
      {
        hint: 'Begin program.md with `---`, a line `metric: <name>`, a line `goal: minimize` or `goal: maximize`, and another `---`.',
      },
    );
  }
  const name = 'val_bpb';
  const prose = programText
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trim();
  const goal = goalOf({ name, prose, whereMetric: 'program.md', whereProse: () => 'program.md' });
  return briefSchema.parse({
    prose,
    form: 'karpathy',
    ...commandsFor(files),
    metric: { name, goal },
    budgetSeconds: readTimeBudget(prepareText),
  } satisfies GivenBrief);
}

function commandsFor({ venvPython, pyproject, uv }: KarpathyFolder['files']): Pick<GivenBrief, 'prepare' | 'train'> {
  // `uv sync` makes the base folder's `.venv`, which is linked into every run's folder like all that prepare leaves.
  if (venvPython === undefined && pyproject && uv) {
    return { prepare: ['uv', 'sync'], train: ['.venv/bin/python', 'train.py'] };
  }
  // `python` means the project's own .venv when there is one, wherever the project is moved to.
  return {};
}

const assignsBudget = /^TIME_BUDGET\s*(?::[^=]*)?=(?!=)/;

/** The same file with another number in its line `TIME_BUDGET = …`; undefined for a file that has no such line. */
export function withTimeBudget(text: string, seconds: number): string | undefined {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => assignsBudget.test(line));
  const line = lines[index];
  if (line === undefined) return undefined;
  const ending = line.endsWith('\r') ? '\r' : '';
  return lines.with(index, `${line.slice(0, line.indexOf('=') + 1)} ${seconds}${ending}`).join('\n');
}

/** `TIME_BUDGET = 5 * 60` -> 300; undefined when there is none. Python is not run for it. */
function readTimeBudget(prepareText: string): number | undefined {
  const lines = prepareText.split(/\r?\n/);
  const index = lines.findIndex((line) => assignsBudget.test(line));
  const line = lines[index];
  if (line === undefined) return undefined;
  const expression = line
    .replace(/^[^=]*=/, '')
    .replace(/#.*$/, '')
    .trim();
  const reading = readDuration(evaluate(expression));
  if (reading.kind === 'read') return reading.value;
  const refusal = refuse('seconds such as 300 or 5 * 60', {
    hint: 'Or give program.md front matter with a `metric:` and a `budget:`.',
  });
  throw refusalError(`prepare.py line ${index + 1}: \`TIME_BUDGET\``, refusal, expression);
}

/** Sums of products of numbers; NaN for any other expression. */
function evaluate(expression: string): number {
  const products = expression.split('+').map((term) => {
    const factors = term
      .split(/(?<!\*)\*(?!\*)/)
      .map((factor) => readNumber(factor.trim().replaceAll('_', '')) ?? Number.NaN);
    return factors.reduce((product, factor) => product * factor, 1);
  });
  return products.reduce((sum, product) => sum + product, 0);
}
