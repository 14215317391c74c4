/**
 * Whether a candidate's loss curve says anything beside the incumbent's.
 *
 * Of code nobody can tell, so only knobs are ever compared. A knob that changes what the loss means is not; one that changes
 * the model's shape, its batch or its schedule moves the whole curve, and is compared only by an owner who asks for it.
 */
import type { EarlyKillMode } from '../base/names.ts';
import type { Proposal } from '../journal/proposal.ts';

const losses = new Set(
  'LOSS SMOOTHING LABEL MIXUP CUTMIX AUGMENT AUG DROPOUT DROP NOISE TEMPERATURE VOCAB TOKENS'.split(' '),
);
const shapes = new Set(
  (
    'DEPTH LAYERS LAYER HEADS HEAD WIDTH HIDDEN DIM EMBED EMBD EMB CHANNELS UNITS FEATURES FILTERS MODEL FFN MLP SIZE ' +
    'BATCH ACCUM ACCUMULATION CONTEXT SEQ LEN LENGTH BLOCK WINDOW RATIO EXPERTS ' +
    'DECAY SCHEDULE WARMUP WARMDOWN COOLDOWN ANNEAL STEPS EPOCHS FRAC FRACTION'
  ).split(' '),
);

/** Whether the loss curve of a proposal's run may be held against the incumbent's. */
export function isComparable(proposal: Proposal | undefined, mode: EarlyKillMode): boolean {
  if (proposal === undefined || mode === 'off') return false;
  return proposal.edits.every((edit) => edit.kind === 'set-knob' && isKnobComparable(edit.knob, mode));
}

/** The same for one knob, by the words of its name. */
export function isKnobComparable(name: string, mode: EarlyKillMode): boolean {
  const words = name.split('_');
  if (words.some((word) => losses.has(word))) return false;
  if (mode === 'bold' || words.includes('WEIGHT') || words.includes('WD')) return true;
  return !words.some((word) => shapes.has(word));
}
