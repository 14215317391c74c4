/**
 * What the name of a column says it holds, as people name the columns of ledgers.
 */

import type { Goal } from '../base/metric.ts';
import { goalInName } from '../base/metric-direction.ts';

/** Whether a column of this name holds the decision; the earlier in `statusNames`, the surer. */
export function isStatusName(name: string): boolean {
  return statusNames.includes(keyOf(name));
}

/** Names of status columns, the surest first. */
export const statusNames: readonly string[] =
  `status final_status decision verdict kept keep accepted accept is_kept keep_discard
  keep_or_discard outcome result state conclusion judgement judgment improved action 状态 结果 决策`.split(/\s+/);

/** Whether a column of this name holds words for people. */
export function isTextName(name: string): boolean {
  return textNames.includes(keyOf(name));
}

/** Names of columns that say what was tried, the surest first. */
export const textNames: readonly string[] =
  `description desc change changes change_summary change_description what idea plan title
  experiment_description modification summary experiment_name hypothesis label notes note comment comments remarks name run_name
  config params 描述 说明 experiment exp run run_id id 实验`.split(/\s+/);

/** Names of columns that identify an experiment, the surest first. */
export const commitNames: readonly string[] =
  `commit git_commit commit_hash commit_sha sha git_sha hash git_hash revision rev commit_id
  run_id experiment_id exp_id trial_id id uuid experiment exp run name run_name trial number iteration iter`.split(
    /\s+/,
  );

/** A name in lower case with `_` between its words, without brackets behind it: `Val Loss (↓)` is `val_loss`. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[*`]/g, '')
    .replace(/\s*[([].*$/, '')
    .replace(/(?<=[\p{Ll}\d])(?=\p{Lu}\p{Ll})/gu, '_')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

/**
 * How likely a column of this name holds the score, lower is likelier: 1 for what ledgers call their score, 2 for a metric
 * whose direction is known, 3 for any other name, 4 for a resource with a direction, such as `tok_s`, 5 for what is derived
 * from other rows. Undefined for settings, times, counts and names.
 */
export function scoreTier(name: string): 1 | 2 | 3 | 4 | 5 | undefined {
  const key = keyOf(name);
  if (/^(?:params?|config|tags?|hyperparameters|settings|attrs)[./]/i.test(name)) return undefined;
  if (isDerived(key)) return 5;
  if (isScoreName(key)) return 1;
  if (isResource(key)) return goalInName(key) === undefined ? undefined : 4;
  if (lastingGoal(key) !== undefined) return /(?:^|_)train(?:_|$)/.test(key) ? 3 : 2;
  if (isSetting(key)) return undefined;
  return 3;
}

/** The direction that the name speaks for; `isWeak` where only its last words do, or where people use it both ways. */
export function goalOfName(name: string): { readonly goal: Goal; readonly isWeak: boolean } | undefined {
  const known = goalInName(name.replace(/\s*[([].*$/, '')) ?? goalInName(keyOf(name));
  if (known !== undefined) return { goal: known, isWeak: false };
  const last = lastingGoal(keyOf(name));
  if (last !== undefined) return { goal: last, isWeak: true };
  // 45 of 46 public ledgers with a column `score` maximise it.
  return /(?:^|_)(?:score|fitness)$/.test(keyOf(name)) ? { goal: 'maximize', isWeak: true } : undefined;
}

/** The direction of the last one to three words, for a name that as a whole says none: `abstain_acc`. */
function lastingGoal(key: string): Goal | undefined {
  const words = key.split('_').filter((word) => !/^\d+$/.test(word));
  const ends = [words, words.slice(-3), words.slice(-2), words.slice(-1)];
  return ends.map((end) => goalInName(end.join('_')) ?? ownGoal(end.join('_'))).find((goal) => goal !== undefined);
}

/** Metrics that ledgers have and briefs seldom: forecasting, trading, bits, likeness of features. */
function ownGoal(key: string): Goal | undefined {
  if (/^(?:mase|wql|smape|bits|nats)$/.test(key)) return 'minimize';
  return /^(?:sharpe_ratio|auc_roc|roc_auc|hit_rate|success_rate|win_rate|pass_rate|match_rate|variance_explained|pwmcc|mmcs)$/.test(
    key,
  )
    ? 'maximize'
    : undefined;
}

const plainAdjectives =
  'avg|average|mean|final|total|combined|overall|composite|research|eval|val|valid|validation|test|lb|cv|primary|main|aggregate|weighted|best|promotion';

function isScoreName(key: string): boolean {
  return (
    new RegExp(`^(?:(?:${plainAdjectives})_)*(?:score|metric|metric_value|objective|fitness|objective_value)$`).test(
      key,
    ) || key === 'val_bpb'
  );
}

/** What is worked out from other rows: differences to them, their best so far, what was to be beaten. */
function isDerived(key: string): boolean {
  return (
    /^(?:baseline|base|prev|previous|parent|seed|old|before|incumbent|champion|target|threshold|reference|ref)_/.test(
      key,
    ) ||
    /(?:^|_)(?:delta|diff|change|gain|improvement|improve|vs|relative|pct|std|stdev|var|sem|stderr|ci|err_bar)(?:_|$)/.test(
      key,
    ) ||
    /^(?:best|best_so_far|running_best|current_best|best_yet|global_best)$/.test(key) ||
    /_(?:std|null_mean|low|high|lower|upper)$/.test(key)
  );
}

function isResource(key: string): boolean {
  return /(?:^|_)(?:tok|toks|token|tokens|tps|qps|fps|samples|it|its|iter|img|images|steps)_(?:s|sec|second|per_sec|per_second|per_s)$|(?:^|_)(?:tps|qps|fps|throughput|latency|mfu|hfu|vram|mem|memory|ram|gpu|cpu|watts|joules|energy|runtime|walltime|cost|usd|ttft|speed|bandwidth|tflops|flops|per_sec|ms|us|μs|ns|time|duration|elapsed|seconds|minutes|hours)(?:_|$)|_per_(?:s|sec|second|ms|token)$/.test(
    key,
  );
}

const settings = new RegExp(
  `^(?:${[
    '(?:n|num|max|min|top|total|target)_.*',
    '.*_(?:id|idx|index|hash|sha|path|dir|file|url|count|counts|num|bytes|mb|gb|kb|sec|secs|seconds|s|min|mins|minutes|hours|hrs|date|time|ts|utc|at|steps|epochs|layers|heads|dim|size|rows|seed|seeds|budget|code|version|fraction|ratio_set|lr|eps|k|length|len|shot|shots)',
    '(?:time|seconds|sec|secs|minutes|duration|elapsed|date|timestamp|ts|created|created_at|started|ended|wall_clock_s|wallclock)(?:_.*)?',
    '(?:steps?|epochs?|iters?|iteration|iterations|rounds?|folds?|gen|generation|exp|experiment|run|trial|number|no|idx|index|id|rank|seed|version|h|horizon|k)',
    '(?:lr|learning_rate|batch|batch_size|bs|wd|weight_decay|dropout|depth|width|layers|heads|dim|hidden|hidden_size|d_model|embd|warmup|momentum|beta1|beta2|temperature|budget|params|parameters|size|tokens|samples|rows|rounds|trailing|lookback|lora_rank|lora_alpha|grad_accum|ctx|ngl|ubatch|mtime|pid|port|exit_code|confidence|timeout|triggered|leakage_passed)',
  ].join('|')})$`,
);

function isSetting(key: string): boolean {
  return key === '' || settings.test(key);
}
