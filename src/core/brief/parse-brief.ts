/**
 * Makes a brief out of the text of `program.md`: YAML front matter with the settings, prose with the research.
 *
 * Every trouble is one BriefError that names the file, the line, what was expected and what was found. Nothing is
 * ignored: a setting that no part acts on yet is an error too. Whether files exist is for those to say who can look.
 */
import type { BudgetClock, EarlyKillMode } from '../base/names.ts';
import { refusalError, refuse } from '../base/reading.ts';
import type { Brief } from './brief.ts';
import { type Settings, settingsSchema } from './brief-schema.ts';
import { firstTrouble, refuseNotBuilt } from './brief-trouble.ts';
import { readFrontMatter } from './front-matter.ts';
import { longestSeconds } from './parse-duration.ts';

/** Parses a brief that has front matter (`hasFrontMatter`); `where` is the file's name in errors. */
export function parseBrief(text: string, where: string): Brief {
  const frontMatter = readFrontMatter(text, where);
  refuseNotBuilt(frontMatter, where);
  const checked = settingsSchema.safeParse(frontMatter.values);
  if (!checked.success) throw firstTrouble(checked.error.issues, frontMatter, where);
  const brief = withDefaults(checked.data, frontMatter.prose);
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

/** The hard limit of a run whose brief names none: training may start slowly, and CPU seconds pass slower than wall. */
export function defaultTimeoutSeconds(budgetSeconds: number, clock: BudgetClock): number {
  return Math.min(budgetSeconds * (clock === 'cpu' ? 10 : 2) + 120, longestSeconds);
}

function earlyKillOf({ early_kill: asked = true }: Settings): EarlyKillMode {
  if (asked === 'bold') return asked;
  return asked ? 'safe' : 'off';
}

function withDefaults(settings: Settings, prose: string): Brief {
  const { goal = 'minimize', budget = 300, budget_clock: clock = 'wall' } = settings;
  const { name, pattern } = settings.metric;
  return {
    prose,
    form: 'front-matter',
    sandbox: settings.sandbox ?? '.',
    edit: [...new Set(settings.edit ?? ['train.py'])],
    include: [...new Set(settings.include)],
    link: [...new Set(settings.link)],
    prepare: settings.prepare,
    train: settings.train ?? ['python', 'train.py'],
    score: settings.score,
    metric: { name, goal, pattern },
    budgetSeconds: budget,
    budgetClock: clock,
    timeoutSeconds: settings.timeout ?? defaultTimeoutSeconds(budget, clock),
    researcher: settings.researcher ?? 'auto',
    model: settings.model,
    baseUrl: settings.base_url,
    api: settings.api,
    fallback: settings.fallback,
    command: settings.command,
    prices: settings.prices,
    shares: settings.shares,
    policy: settings.policy ?? 'value',
    guards: settings.guards,
    space: settings.space ?? {},
    env: [...new Set(settings.env)],
    engine: settings.engine ?? 'local',
    earlyKill: earlyKillOf(settings),
    stop: settings.stop ?? {},
  };
}
