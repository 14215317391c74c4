/**
 * Grades the weights of the kept experiments on the holdout and reads the overfitting gauge. No decision waits for it,
 * and no researcher is asked afterwards in the same session.
 */
import { type GaugeStep, nextGaugeStep } from '../core/confirm/next-gauge-step.ts';
import { readGauge } from '../core/confirm/read-gauge.ts';
import { isCutShort } from '../core/journal/cut-short.ts';
import { currentGpuPause } from '../core/journal/history.ts';
import type { RunResult } from '../core/journal/run.ts';
import type { RunKey } from '../ports/run-folders.ts';
import { pauseForGpu, withGpuTrouble } from './gpu.ts';
import { tellOfData } from './look-at-data.ts';
import { awaitEnd, concludeJob } from './run.ts';
import type { Study } from './study.ts';

/** Brings the gauge up to date. It stops in between when the owner asks for it, and the next session goes on there. */
export async function bringGaugeUpToDate(study: Study): Promise<void> {
  for (;;) {
    const step = nextGaugeStep(study.whole());
    if (step.kind === 'done' || (await study.stopWanted()) === 'now') return;
    if (step.kind === 'score-holdout') await scoreHoldout(study, step);
    else await takeReading(study);
    // The weights stay, and are graded once the GPU can be used again.
    if (currentGpuPause(study.history())) return;
  }
}

async function takeReading({ lab, whole, record }: Study): Promise<void> {
  const reading = readGauge(whole());
  await record({ event: 'gauge-read', reading });
  const warning = reading.isSplitIgnored ? splitIgnored : reading.warning;
  if (warning !== undefined) lab.emit({ event: 'warning-raised', message: warning });
}

const splitIgnored =
  'The scorer gives the same number on the validation and on the holdout split: it seems to ignore NOCTURNE_SPLIT, so nothing is held out.';

async function scoreHoldout(study: Study, { experiment, run, commit }: GaugeStep & { kind: 'score-holdout' }) {
  study.lab.emit({ event: 'step-begun', step: 'score-holdout', experiment });
  const result = await gradeWeights(study, { experiment, run: run.run, seed: run.seed, commit });
  if (result) await study.record({ event: 'holdout-scored', experiment, run: run.run, result });
}

const weightsGone: RunResult = {
  outcome: 'lost',
  reason: 'the weights are not there any more',
  evidence: '',
  seconds: 0,
  cpuSeconds: 0,
};

/** Lost runs of the scorer after which the grade counts as lost; before that it is started again. */
const maxLost = 3;

/** The grade; undefined when the owner stops the study first, or the GPU is lost or filled. */
async function gradeWeights(study: Study, key: RunKey): Promise<RunResult | undefined> {
  const { lab } = study;
  let lost = 0;
  for (let attempt = 1; ; attempt++) {
    const job = await lab.runFolders.layHoldout(key, attempt);
    if (!job) return weightsGone;
    await lab.engine.submit(job);
    const state = await awaitEnd(study, job, async () => {});
    await lab.engine.collect(job);
    const isStopped = (await study.stopWanted()) === 'now';
    const outputs = await lab.runFolders.holdoutOutputs(key, attempt);
    await tellOfData(study, false);
    const own = await concludeJob(study, state, outputs, { isStopped });
    if (isStopped && isCutShort(own)) return undefined;
    const result = await withGpuTrouble(study, key, own, outputs);
    await pauseForGpu(study, key.experiment, result);
    if (result.gpu?.isSeen) return undefined;
    if (!isCutShort(result)) return result;
    // A scorer that an earlier session cut short does not count as lost.
    if (state.kind === 'lost' || result.gpu) lost += 1;
    if (lost >= maxLost) return result;
  }
}
