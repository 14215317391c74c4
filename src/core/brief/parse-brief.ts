/**
 * Makes a brief out of the text of `program.md`: YAML front matter with the settings, prose with the research.
 *
 * Every trouble is one BriefError that names the file, the line, what was expected and what was found. Nothing is
 * ignored: a setting that no part acts on yet is an error too. Whether files exist is for those to say who can look.
 */

import type { Goal } from '../base/metric.ts';
import { refusalError, refuse } from '../base/read-result.ts';
import { briefNameOf, settings } from '../journal/settings/settings.ts';
import { type Brief, briefSchema } from './brief.ts';
import { settingsSchema, type WrittenSettings } from './brief-schema.ts';
import { firstTrouble, refuseUnbuiltEngine } from './brief-trouble.ts';
import { readFrontMatter } from './front-matter.ts';
import { goalOf } from './metric-goal.ts';

/** Parses a brief that has front matter (`hasFrontMatter`); `where` is the file's name in errors. */
export function parseBrief(text: string, where: string): Brief {
  const frontMatter = readFrontMatter(text, where);
  refuseUnbuiltEngine(frontMatter, where);
  const checked = settingsSchema.safeParse(frontMatter.values);
  if (!checked.success) throw firstTrouble(checked.error.issues, frontMatter, where);
  const { metric, goal: given } = checked.data;
  const commentOf = (key: string) => frontMatter.commentOf([key]);
  const goal = goalOf({
    name: metric.name,
    given,
    prose: frontMatter.prose,
    comments: [commentOf('metric'), commentOf('goal')],
    whereMetric: `${where} line ${frontMatter.lineOf(['metric'])}`,
    whereProse: (at) => `${where} line ${frontMatter.lineOfProse(at)}`,
  });
  const brief = briefOf(checked.data, goal, frontMatter.prose);
  if (brief.shares !== undefined && brief.researcher !== 'auto') {
    const refusal = refuse('left out, or `researcher` be auto: only auto mixes researchers');
    throw refusalError(
      `${where} line ${frontMatter.lineOf(['shares'])}: \`shares\``,
      refusal,
      frontMatter.sourceOf(['shares']),
    );
  }
  if (brief.budgetClock === 'wall' && brief.timeoutSeconds <= brief.budgetSeconds) {
    const refusal = refuse(`longer than the budget of ${brief.budgetSeconds} s`);
    const subject = `${where} line ${frontMatter.lineOf(['timeout'])}: \`timeout\``;
    throw refusalError(subject, refusal, frontMatter.sourceOf(['timeout']));
  }
  return brief;
}

/** The brief that these settings stand for; `goal` is a setting of its own in a brief and a part of the metric after it. */
function briefOf(written: WrittenSettings, goal: Goal, prose: string): Brief {
  const values: Readonly<Record<string, unknown>> = written;
  const { goal: _, ...given } = Object.fromEntries(Object.keys(settings).map((key) => [key, values[briefNameOf(key)]]));
  return briefSchema.parse({ ...given, prose, form: 'front-matter', metric: { ...written.metric, goal } });
}
