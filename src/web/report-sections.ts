/**
 * The sections of the report, in their order: the one list that report.md and report.html are written from.
 */
import type { Section } from './section.ts';
import { attemptsSection } from './sections/attempts.ts';
import { curvesSection } from './sections/curves.ts';
import { expenseSection } from './sections/expense.ts';
import { failuresSection } from './sections/failures.ts';
import { heldOutSection } from './sections/held-out.ts';
import { importanceSection } from './sections/importance.ts';
import { insightsSection } from './sections/insights.ts';
import { keptSection } from './sections/kept.ts';
import { lastingSection } from './sections/lasting.ts';
import { machineSection } from './sections/machine.ts';
import { nearMissesSection } from './sections/near-misses.ts';
import { noiseSection } from './sections/noise.ts';
import { outlookSection } from './sections/outlook.ts';
import { rangesSection } from './sections/ranges.ts';
import { reproduceSection } from './sections/reproduce.ts';
import { researchersSection } from './sections/researchers.ts';
import { standingSection } from './sections/standing.ts';
import { suggestionsSection } from './sections/suggestions.ts';

/** What follows the headline and the progress figure. */
export const reportSections: readonly Section[] = [
  keptSection,
  nearMissesSection,
  failuresSection,
  researchersSection,
  importanceSection,
  rangesSection,
  insightsSection,
  curvesSection,
  outlookSection,
  standingSection,
  onPage(suggestionsSection),
  expenseSection,
  heldOutSection,
  lastingSection,
  noiseSection,
  machineSection,
  inMarkdown(suggestionsSection),
  inMarkdown(attemptsSection),
  reproduceSection,
  onPage(attemptsSection),
];

/** The section at this position in report.html only: the page has suggestions earlier, and its longest table last. */
function onPage({ markdown: _, ...section }: Section): Section {
  return section;
}

function inMarkdown({ html: _, figures: __, ...section }: Section): Section {
  return section;
}
