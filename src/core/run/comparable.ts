/**
 * Whether a candidate's loss curve may be compared with the incumbent's.
 *
 * After a change of code that cannot be known, so only changed knobs are compared. A knob that changes what the loss
 * means never is; one that changes the model's shape, its batch or its schedule moves the whole curve, and is compared
 * only when the owner asks for `bold`.
 */
import { nameWords } from '../base/name-words.ts';
import type { EarlyKillMode } from '../base/names.ts';
import type { Proposal } from '../journal/proposal.ts';

/** Words in the names of knobs that change what the loss means. */
const losses = new Set(
  'LOSS SMOOTHING LABEL MIXUP CUTMIX AUGMENT AUG DROPOUT DROP NOISE TEMPERATURE VOCAB TOKENS'.split(' '),
);
/** Words in the names of knobs that move the whole curve. */
const shapes = new Set(
  (
    'DEPTH LAYERS LAYER HEADS HEAD WIDTH HIDDEN DIM EMBED EMBD EMB CHANNELS UNITS FEATURES FILTERS MODEL FFN MLP SIZE ' +
    'BATCH ACCUM ACCUMULATION CONTEXT SEQ LEN LENGTH BLOCK WINDOW RATIO EXPERTS ' +
    'DECAY SCHEDULE WARMUP WARMDOWN COOLDOWN ANNEAL STEPS EPOCHS FRAC FRACTION'
  ).split(' '),
);

/** Whether the loss curve of a proposal's run may be compared with the incumbent's. */
export function isComparable(proposal: Proposal | undefined, mode: EarlyKillMode): boolean {
  if (proposal === undefined || mode === 'off') return false;
  return proposal.edits.every((edit) => edit.kind === 'set-knob' && isKnobComparable(edit.knob, mode));
}

/** The same for one knob, by the words of its name. */
export function isKnobComparable(name: string, mode: EarlyKillMode): boolean {
  const words = nameWords(name);
  if (words.some((word) => losses.has(word))) return false;
  if (mode === 'bold' || words.includes('WEIGHT') || words.includes('WD')) return true;
  return !words.some((word) => shapes.has(word));
}
