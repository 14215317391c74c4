/**
 * What broke, by cause.
 */
import { countText } from '../../core/base/format.ts';
import { failureText } from '../../core/journal/failure-text.ts';
import type { FailureGroup } from '../../core/views/report/failures.ts';
import { bullets } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { type Markup, markup } from '../markup.ts';
import type { Section } from '../section.ts';

export const failuresSection: Section = {
  id: 'failures',
  heading: 'Failures',
  markdown: ({ failures }) => (failures.length === 0 ? undefined : bullets(failures.map(groupText))),
  html: ({ failures }) => (failures.length === 0 ? undefined : markup`${failures.map(groupCard)}`),
};

function groupText({ reason, outcome, experiments }: FailureGroup): string {
  const numbers = experiments.map(({ experiment }) => experiment).join(', ');
  return `${escapeMarkdown(failureText(outcome, reason))} (${countText(experiments.length, 'experiment')}: ${numbers})`;
}

function groupCard({ outcome, reason, experiments, evidence }: FailureGroup): Markup {
  const names = experiments.slice(0, 20).map(({ experiment, title }) => markup`<li>${experiment}. ${title}</li>`);
  const more = experiments.length > 20 ? markup`<li>and ${experiments.length - 20} more</li>` : undefined;
  const log = evidence === '' ? undefined : markup`<pre class="log" tabindex="0">${evidence}</pre>`;
  return markup`<details class="card"><summary><span class="number">${experiments.length}×</span><span class="what">${failureText(outcome, reason)}</span></summary><ul>${names}${more}</ul>${log}</details>`;
}
