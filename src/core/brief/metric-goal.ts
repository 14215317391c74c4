/**
 * Which way the metric of a brief is better: as `goal:` says, else as the metric's name says. It is never assumed.
 *
 * A study that goes the wrong way looks like a good one until somebody reads a score, so prose that says the opposite
 * is an error as well.
 */
import { BriefError } from '../base/errors.ts';
import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';
import { quoted } from '../base/read-result.ts';
import { directionsInProse, type Statement } from './prose-direction.ts';

interface WrittenGoal {
  /** The metric's name. */
  readonly name: string;
  /** What `goal:` says, if it is there. */
  readonly given?: Goal | undefined;
  readonly prose: string;
  /** Comments beside the metric in the front matter. */
  readonly comments?: readonly string[];
  /** Where the metric is named, and where a character of the prose stands, such as "program.md line 7". */
  readonly whereMetric: string;
  readonly whereProse: (at: number) => string;
}

/** The goal. Throws a BriefError where neither says it, or where the prose says the opposite of it. */
export function goalOf(written: WrittenGoal): Goal {
  const { name, given, whereMetric } = written;
  const goal = given ?? goalInName(name);
  const said = statementsIn(written);
  if (goal === undefined) throw withoutGoal(name, whereMetric, said[0]);
  const opposite = said.find((statement) => statement.goal !== goal);
  if (opposite === undefined || said.some((statement) => statement.goal === goal)) return goal;
  const found = `the ${opposite.kind} says ${quoted(opposite.words)}`;
  const setting =
    given === undefined ? `the name ${quoted(name)} means \`goal: ${goal}\`` : `the brief has \`goal: ${goal}\``;
  throw new BriefError(`${opposite.where}: ${found}, but ${setting}`, {
    hint: `Write \`goal: ${opposite.goal}\` if the ${opposite.kind} is right, else correct the ${opposite.kind}.`,
  });
}

interface PlacedStatement extends Statement {
  readonly kind: 'comment' | 'prose';
  readonly where: string;
}

function statementsIn({
  name,
  prose,
  comments = [],
  whereMetric,
  whereProse,
}: WrittenGoal): readonly PlacedStatement[] {
  const inComments = comments.flatMap((comment) =>
    directionsInProse(comment, name).map((each) => ({ ...each, kind: 'comment' as const, where: whereMetric })),
  );
  const inProse = directionsInProse(prose, name).map((each) => ({
    ...each,
    kind: 'prose' as const,
    where: whereProse(each.at),
  }));
  return [...inComments, ...inProse];
}

function withoutGoal(name: string, where: string, said: PlacedStatement | undefined): BriefError {
  const hint =
    said === undefined
      ? 'Add a line `goal: minimize` (lower is better) or `goal: maximize` (higher is better).'
      : `Add a line \`goal: ${said.goal}\`, if the ${said.kind} means that (${quoted(said.words)}).`;
  return new BriefError(
    `${where}: the name ${quoted(name)} does not say which way is better, so the brief needs a \`goal:\``,
    {
      hint,
    },
  );
}
