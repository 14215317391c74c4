/**
 * How far a study is from the ends that its stop rules set.
 */
import { countText, formatDuration, formatUsd } from '../../core/base/format.ts';
import type { StopRule } from '../../core/views/stop-rules.ts';
import { type TimeLeft, timeLeftText } from '../../core/views/time-left.ts';
import { type Markup, markup } from '../markup.ts';
import { clockTime } from './clock-time.ts';

/** When the study is expected to end, and a line for each rule; a sentence for a study without one. */
export function stopRuleList(rules: readonly StopRule[], timeLeft: TimeLeft | null): Markup {
  const body =
    rules.length === 0
      ? markup`<p>No stop rule: it goes on until it is stopped.</p>`
      : markup`<ul class="plain rules">${rules.map(ruleLine)}</ul>`;
  return markup`<section id="left"><h2>What is left</h2>${timeLeft && rules.length > 0 ? markup`<p id="time-left">${sentence(timeLeftText(timeLeft, clockTime))}</p>` : undefined}${body}</section>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replaceAll('`', '')}.`;
}

function ruleLine(rule: StopRule): Markup {
  const { used, max } = rule;
  const share = Math.min(1, used / max);
  const name = names[rule.rule];
  return markup`<li><span>${name}</span><progress max="1" value="${share.toFixed(3)}" aria-label="${name}: share that is used"></progress><span class="facts">${leftText(rule)}</span></li>`;
}

const names: Readonly<Record<StopRule['rule'], string>> = {
  experiments: 'experiments',
  hours: 'live time',
  plateau: 'experiments in a row without a keep',
  usd: 'money for models',
  tokens: 'tokens of models',
  gpu_hours: 'GPU time',
};

function leftText({ rule, used, max }: StopRule): string {
  const left = Math.max(0, max - used);
  switch (rule) {
    case 'experiments':
      return `${left} of ${countText(max, 'experiment')} left`;
    case 'plateau':
      return `${used} of the ${max} that end it`;
    case 'hours':
    case 'gpu_hours':
      return `${formatDuration(left * 3600)} of ${formatDuration(max * 3600)} left`;
    case 'usd':
      return `${formatUsd(left)} of ${formatUsd(max)} USD left`;
    default:
      return `${left} of ${max} left`;
  }
}
