/**
 * Makes a brief out of the text of `program.md`: YAML front matter with the settings, prose with the research.
 *
 * Every trouble is one BriefError that names the file, the line, what was expected and what was found. Nothing is
 * ignored: a setting that no part acts on yet is an error too. Whether files exist is for those to say who can look.
 */

import type { Goal } from '../base/metric.ts';
import { refusalError, refuse } from '../base/read-result.ts';
import { briefNameOf, settings } from '../journal/settings/settings.ts';
import { knobsFile } from '../space/declared/declared-knob.ts';
import { namesInPlaces } from '../space/declared/places.ts';
import { type Brief, briefSchema } from './brief.ts';
import { settingsSchema, type WrittenSettings } from './brief-schema.ts';
import { firstTrouble } from './brief-trouble.ts';
import { type FrontMatter, readFrontMatter } from './front-matter.ts';
import { goalOf } from './metric-goal.ts';

/** Parses a brief that has front matter (`hasFrontMatter`); `where` is the file's name in errors. */
export function parseBrief(text: string, where: string): Brief {
  const frontMatter = readFrontMatter(text, where);
  const checked = settingsSchema.safeParse(withKnobTexts(frontMatter));
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
  requirePlaces(brief, frontMatter, where);
  if (brief.shares !== undefined && brief.researcher !== 'auto') {
    const refusal = refuse('left out, or `researcher` be auto: only auto mixes researchers');
    throw refusalError(
      `${where} line ${frontMatter.lineOf(['shares'])}: \`shares\``,
      refusal,
      frontMatter.sourceOf(['shares']),
    );
  }
  if (brief.endAtBudget && brief.budgetClock === 'cpu') {
    const refusal = refuse('left out, or `budget_clock` be wall: only a wall clock ends a training');
    const subject = `${where} line ${frontMatter.lineOf(['end_at_budget'])}: \`end_at_budget\``;
    throw refusalError(subject, refusal, frontMatter.sourceOf(['end_at_budget']));
  }
  if (brief.budgetClock === 'wall' && brief.timeoutSeconds <= brief.budgetSeconds) {
    const refusal = refuse(`longer than the budget of ${brief.budgetSeconds} s`);
    const subject = `${where} line ${frontMatter.lineOf(['timeout'])}: \`timeout\``;
    throw refusalError(subject, refusal, frontMatter.sourceOf(['timeout']));
  }
  return brief;
}

/** The settings with the declared knobs as they are written: `1.0` is a float, and 1 is none. */
function withKnobTexts({ values, textsOf }: FrontMatter): Record<string, unknown> {
  const texts = textsOf(['knobs']);
  return texts === undefined ? values : { ...values, knobs: texts };
}

/** The brief that these settings stand for; `goal` is a setting of its own in a brief and a part of the metric after it. */
function briefOf(written: WrittenSettings, goal: Goal, prose: string): Brief {
  const values: Readonly<Record<string, unknown>> = written;
  const { goal: _, ...given } = Object.fromEntries(Object.keys(settings).map((key) => [key, values[briefNameOf(key)]]));
  const brief = briefSchema.parse({ ...given, prose, form: 'front-matter', metric: { ...written.metric, goal } });
  const notebook = brief.train.find((word) => word.endsWith('.ipynb'));
  if (given.edit === undefined && notebook !== undefined) return withKnobsFile({ ...brief, edit: [notebook] }, false);
  return withKnobsFile(brief, given.edit === undefined);
}

function withKnobsFile(brief: Brief, isDefault: boolean): Brief {
  return Object.keys(brief.knobs).length === 0 ? brief : { ...brief, edit: editWithKnobs(brief, isDefault) };
}

/** Declared knobs live in an editable file. Where none is named, `train.py` is one only if the command names it. */
function editWithKnobs({ edit, train }: Brief, isDefault: boolean): readonly string[] {
  const named = isDefault ? edit.filter((file) => train.includes(file)) : edit;
  return [...new Set([...named, knobsFile])];
}

/** Throws for a place in a command that no knob fills; `prepare` runs once for all candidates, so it has none. */
function requirePlaces(brief: Brief, frontMatter: FrontMatter, where: string): void {
  const known = Object.keys(brief.knobs);
  if (known.length === 0) return;
  const commands = { prepare: brief.prepare, train: brief.train, score: brief.score };
  for (const [key, argv = []] of Object.entries(commands)) {
    const names = namesInPlaces(argv);
    const wrong = names.find((name) => key === 'prepare' || !known.includes(name));
    if (wrong === undefined) continue;
    const subject = `${where} line ${frontMatter.lineOf([key])}: \`${key}\``;
    const refusal = known.includes(wrong)
      ? refuse('without a place for a knob: it runs once, before any knob is turned', { found: `{${wrong}}` })
      : refuse(`a command whose places are knobs of \`knobs:\` (${known.join(', ')})`, {
          found: `{${wrong}}`,
          hint: `Write {{${wrong}}} where the braces are meant as they stand.`,
        });
    throw refusalError(subject, refusal, `{${wrong}}`);
  }
}
