/**
 * The words in the name of a metric that say which way is better, as people use them in training scripts.
 *
 * In the 141 public ledgers whose kept rows show a direction, no name with one of these words points the other way;
 * `tests/fixtures/metric-names.tsv` has those names. A word that people use both ways (`score`, `elbo`, `entropy`,
 * `time`) is not here: where a name has no known word, the brief must say its goal.
 */

/** Lower is better. Words in quotes stand side by side in the name. */
export const lowerIsBetter = words(`
  loss losses logloss mlogloss "log loss" nloglik merror err errs error errors regret cost
  bpb bpc bpp bpd "bits per" "nats per" ppl perplexity nll nlls deviance aic bic
  mse rmse nrmse rmsle msle nmse mae mape smape wape mase crps pinball huber hinge "rel l1" "rel l2" "relative l2"
  ce bce xent "cross entropy" crossentropy kl kld jsd divergence brier ece
  wer cer ter eer mpjpe epe rmsd lpips fid kid fvd fad wasserstein chamfer hausdorff emd mmd
  fpr fnr "false positive" "false positives" "false negative" "false negatives" "false alarm" "false alarms"
  miss misses mistakes failure failures failed fails violations collisions crashes hallucination hallucinations
  unsupported incorrect wrong toxicity forgetting "brier score" "toxicity score"
  "generalization gap" "generalisation gap" "optimality gap" "robustness gap"
  latency ttft tpot runtime walltime overhead slowdown vram joules "ms per" "us per" "μs per" "sec per" "seconds per"
  "run time" "wall time" "train time" "training time" "inference time" "step time" "load time" "compile time"
  "benchmark time" "response time" "execution time"
`);

/** Lower is better where one of these ends the name: units of a time. */
export const lowerIsBetterAtEnd = words('ms us μs ns');

/** Higher is better. */
export const higherIsBetter = words(`
  acc accs accuracy accuracies bacc auc auroc auprc aucpr aupr roc
  f1 f1score precision recall sensitivity specificity tpr tnr "true positive" "true positives" "true negative"
  map ap ndcg mrr "reciprocal rank" iou miou dice jaccard kappa mcc r2 rsquared "r squared" "explained variance"
  pearson spearman kendall corr correlation ccc
  likelihood loglik loglikelihood logprob "log prob"
  bleu sacrebleu chrf rouge meteor cider bertscore "exact match" psnr ssim msssim snr pesq stoi mos
  reward rewards return returns win wins winrate elo profit pnl revenue sharpe sortino
  success successes solved passed passing "pass rate" "pass at" "pass 1" "pass k" "tests green" correct survival uptime
  throughput tps qps fps mfu hfu speed speedup bandwidth improvement "per sec" "per second" "per s" "per ms"
  "tok s" "toks s" "token s" "tokens s" "it s" "iter s" "samples s" "img s" "images s" "steps s"
`);

/** Turned around by one of these before them, such as `one_minus_auc`. */
export const minus = 'minus';

/** These turn around only what a formula names, such as `neg_mean_squared_error`; `neg_loss` may be that of a class. */
export const negations = words('neg negative negated inverse inverted inv reciprocal');

/** What may stand between a negation and what it turns around. */
export const formulaWords = words('mean median max root squared absolute log percentage');

/** What a negation turns around although lower or higher alone would not say so: a formula, never a class of samples. */
export const formulas = words(`
  "log loss" logloss mse rmse nrmse rmsle msle nmse mae mape bpb bpc ppl perplexity nll brier "brier score" deviance
  likelihood loglik loglikelihood
`);

/** Before a known word these leave its direction open: `steps_to_success`, `tokens_per_win`. */
export const counting = words('to per until till before');

/** A score made of what lower is better for, such as `latency_score`, may be turned around in the making. */
export const score = 'score';

/** Anywhere in a name these leave its direction open: `error_reduction`, `acc_std`, `answer_or_abstain_acc`. */
export const unsettling = words(`
  reduction reduced drop degradation decline decrease increase change delta diff difference variance var std stdev
  spread free less avoided saved saving savings threshold weight scale target margin signal gap gain penalty disparity
  imbalance bias efficiency attainment compliance headroom tolerance resistance robustness correction detection detected
  recovery recovered coverage attack jailbreak hack hacking
  no non not without or vs abstain abstention refusal refused reject rejected rejection
`);

function words(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]+)"|(\S+)/g)].map(([, phrase, word]) => phrase ?? word ?? '');
}
