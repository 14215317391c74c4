import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goalInName } from '../../../src/core/base/metric-direction.ts';

const lines = readFileSync(join(import.meta.dirname, '../../fixtures/metric-names.tsv'), 'utf8')
  .trim()
  .split('\n');
const measured = lines.slice(3).map((line) => {
  const [name = '', lower, higher] = line.split('\t');
  return { name, isLower: lower !== '0', isHigher: higher !== '0' };
});

describe('the names of metrics in 141 public ledgers', () => {
  test('none is taken the wrong way', () => {
    const wrong = measured.filter(({ name, isLower, isHigher }) => {
      const goal = goalInName(name);
      return (goal === 'minimize' && !isLower) || (goal === 'maximize' && !isHigher);
    });
    expect(measured).toHaveLength(73);
    expect(wrong).toEqual([]);
  });

  test('one whose ledgers show both ways, or none, says nothing', () => {
    const open = measured.filter(({ isLower, isHigher }) => isLower === isHigher);
    expect(open.map(({ name }) => name)).toContain('score');
    expect(open.filter(({ name }) => goalInName(name) !== undefined)).toEqual([]);
  });

  test('seven in ten say their direction', () => {
    expect(measured.filter(({ name }) => goalInName(name) !== undefined).length / 73).toBeGreaterThan(0.7);
  });
});

describe('a name says that lower is better', () => {
  const names = `eval-loss valLoss testloss loss/val top1_err val_top1_error mlogloss cox-nloglik val-merror error_rate word_error_rate val_nll nll_loss log_loss WER hf.cer
    perplexity val_ppl mean_squared_error RMSE MAPE bits_per_byte cross_entropy cross_entropy_loss kl_divergence fid_50k
    false_positive_rate false_negative_rate fpr@95 miss_rate latency_ms p99_latency inference_time ms_per_step step_us
    -log_likelihood neg_log_likelihood negative_log_likelihood one_minus_acc 1-acc 1_minus_auc minus_reward -accuracy
    expected_calibration_error brier_score peak_vram_gb regret neg_loglik 100-acc mean_rel_l2 MAE@24h`;
  test.each(names.split(/\s+/))('%s', (name) => {
    expect(goalInName(name)).toBe('minimize');
  });
});

describe('a name says that higher is better', () => {
  const names = `val/accuracy@5 acc1 Acc@1 top1_acc top5_accuracy test-aucpr testacc valAcc macroF1 f1-score F1 mAP mAP50 mAP50-95
    AP50 R2 R² r_squared BLEU-4 rouge_l ROUGE1 recall@10 hits_recall ndcg@10 mean_reciprocal_rank mIoU dice pass@1 pass_at_5
    exact_match tokens_per_second tok/s images/s samples_per_sec tokens_per_ms steps_per_second img_s throughput
    episode_reward mean_return win_rate log_likelihood log-likelihood spearman_rho neg_mean_squared_error neg_log_loss
    neg_root_mean_squared_error -val_loss -loss inverse_perplexity one_minus_wer explained_variance word_acc psnr ssim ms_ssim neg_brier_score`;
  test.each(names.split(/\s+/))('%s', (name) => {
    expect(goalInName(name)).toBe('maximize');
  });
});

describe('a name says neither, or both', () => {
  const names = `score val_score final_score anomaly_score metric m x value objective fitness ELBO elbo entropy time total_time
    performance oob distance rank params loss_acc acc_loss reward_model_loss accuracy_error win_loss_ratio dice_loss
    error_reduction loss_improvement acc_drop acc_std loss_delta neg_acc neg_loss negative_recall negative_error
    negative_class_error inverse_dynamics_loss steps_to_success tokens_per_win non_error error_free_runs refusal_rate
    1-shot_acc 1/loss val/1-acc acc_minus_baseline acc_neg ms_score time_to_failure_acc top1 gini cosine
    error_detection_rate latency_score latency_slo_attainment cost_efficiency attack_success_rate reward_hacking_rate acc_gap`;
  test.each(names.split(/\s+/))('%s', (name) => {
    expect(goalInName(name)).toBeUndefined();
  });
});
