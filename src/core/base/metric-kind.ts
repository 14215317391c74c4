/**
 * What kind of metric a name means, as the public evidence groups studies: what is worth trying differs among kinds.
 */
import type { Goal } from './metric.ts';

/** `lm_bpb` is a loss in bits or nats, mostly of a language model; `error` any other that is minimized, `accuracy` any other that is maximized. */
export type MetricKind = 'lm_bpb' | 'speed' | 'trading' | 'error' | 'accuracy' | 'other';

/** Kind -> names of it; the first that fits counts. */
const kinds: readonly (readonly [MetricKind, RegExp])[] = [
  [
    'speed',
    /(?:^|_)(?:tok|tokens?|steps?|samples|images?)_(?:per_)?s(?:ec|econd)?(?:_|$)|throughput|flops|latency|(?:^|_)(?:tps|fps|qps)(?:_|$)|(?:^|_)[mµu]s(?:_|$)/,
  ],
  ['trading', /profit|sharpe|sortino|pnl|(?:^|_)mmc(?:_|$)|drawdown/],
  ['lm_bpb', /(?:^|_)(?:bpb|bpc|bits|nats|ppl|perplexity|loss|nll|entropy)(?:_|$)/],
];
/** Names that say nothing of what is measured. */
const unnamed = /^(?:metric|value|metric_value|objective|column_\d+|c\d+)$/;

/** The kind of a metric with this name and direction. */
export function metricKind(name: string, goal: Goal): MetricKind {
  const key = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
  const known = kinds.find(([, pattern]) => pattern.test(key));
  if (known) return known[0];
  if (unnamed.test(key)) return 'other';
  return goal === 'minimize' ? 'error' : 'accuracy';
}
