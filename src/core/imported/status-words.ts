/**
 * What people write in the status column of a ledger, and what each word says of the experiment.
 *
 * The words are those of 285 public ledgers and of the trackers that are read here. A word that is not in the table is
 * told to the owner and read as neither kept nor discarded.
 */

/**
 * `baseline` is kept, and begins a study. `measured` says that a run ended well and nothing of a decision; `unfinished`
 * that there is no result yet; `crash` that whatever the row shows is no score.
 */
export type Reading = 'keep' | 'baseline' | 'discard' | 'crash' | 'measured' | 'unfinished';

const table: Readonly<Record<Reading, string>> = {
  keep: `keep keeper kept keeping accept accepted merge merged promote promoted adopt adopted commit committed improved
    improvement improves win winner won best new-best newbest pass true yes y 1 保留 保持 采纳 接受 champion advance advanced`,
  baseline: 'baseline base initial seed reference rebaseline re-baseline 基线 基准',
  discard: `discard discarded discards revert reverted reverts reject rejected drop dropped skip skipped ablate ablation
    rollback rolled-back roll-back undo undone regressed regression regress worse no-improvement noimprovement lost lose
    loser false no n 0 回滚 丢弃 放弃 拒绝 舍弃 pruned`,
  crash: `crash crashed crashes fail failed failure fails error errored oom out-of-memory nan inf diverged diverge timeout
    timed-out time-out killed kill abort aborted invalid interrupted blocked no-json checks-failed size-violation broken
    exception 崩溃 失败 错误 cancelled canceled stalled`,
  measured: `ok okay done success succeeded successful complete completed finished finish valid measured confirm confirmed
    verify verified validate benchmark-candidate candidate note info smoke-ok tentative support repair iterate search
    contender usable partial theoretical rerun repeat run`,
  unfinished: 'running pending queued scheduled waiting planned todo wip started in-progress deferred 进行中',
};

const readings: ReadonlyMap<string, Reading> = new Map(
  (['keep', 'baseline', 'discard', 'crash', 'measured', 'unfinished'] as const).flatMap((reading) =>
    table[reading].split(/\s+/).map((word) => [word, reading] as const),
  ),
);

/** These speak of the outcome of a check or of a run, so beside a word that decides they say nothing. */
const weak: ReadonlySet<Reading | undefined> = new Set(['measured', 'unfinished', undefined]);

/**
 * The reading of a status, in any case and with any marks: `KEEP ✅`, `**kept**`, `discard (noise)`, `confirmed-keep`.
 * Undefined for an unknown word, one with a negation, and one whose words disagree; with `whole`, for all but a word of the
 * table.
 */
export function readStatus(written: string, how: 'whole' | 'any' = 'any'): Reading | undefined {
  const text = written.normalize('NFKC').toLowerCase().trim();
  const whole = readings.get(nameOf(text));
  if (whole !== undefined || how === 'whole') return whole;
  // Whatever is said in brackets, or behind a colon or a dash, explains the word before it.
  const [head = ''] = text.split(/\s*[([:;,—–]\s*|\s+-+\s+/u).filter((each) => nameOf(each) !== '');
  return readings.get(nameOf(head)) ?? ofWords(nameOf(head).split('-'));
}

/** Whether a word decides about an experiment or ends it, so that a column of such words is one of statuses. */
export function isTelling(reading: Reading | undefined): boolean {
  return !weak.has(reading);
}

function ofWords(words: readonly string[]): Reading | undefined {
  if (words.length > 4 || words.some((word) => /^(?:not|no|non|never|un|without)$/.test(word))) return undefined;
  const found = new Set(words.map((word) => (word.length > 1 ? readings.get(word) : undefined)).filter(isTelling));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** Letters, digits and hyphens alone. */
function nameOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
}
