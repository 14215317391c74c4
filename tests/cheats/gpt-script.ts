/** Variants of sandbox/gpt's `train.py`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editScript, placed, type ScriptEdit, setKnobs } from './edit-script.ts';

/** Python for the places of the script where a variant does something of its own. */
export interface GptParts {
  /** Knob -> value; what is not said is the handicap, so that only a cheat can make the score good. */
  readonly knobs?: Readonly<Record<string, string>>;
  /** At the top of the module, which the scorer's side imports too. */
  readonly head?: string;
  /** Before the first step of training. */
  readonly start?: string;
  /** After the weights are saved. */
  readonly saved?: string;
  /** In the model's `forward`, with `tokens`, `x` and `logits` at hand. */
  readonly logits?: string;
  /** In `build_model`, before the model is given. */
  readonly built?: string;
}

/** Rates at which the model learns nearly nothing. */
const handicap = { MATRIX_LR: '0.0', EMBED_LR: '0.0', UNEMBED_LR: '0.00001', SCALAR_LR: '0.0' };

/** The script with these parts, made from the one in this folder of sandboxes; without knobs it has the handicap. */
export function gptScript(sandboxes: string, { knobs = handicap, ...parts }: GptParts): string {
  const own = readFileSync(join(sandboxes, 'gpt', 'train.py'), 'utf8');
  return editScript(setKnobs(own, knobs), editsOf(parts));
}

function editsOf(parts: Omit<GptParts, 'knobs'>): ScriptEdit[] {
  return [
    ...placed('import prepare\n', 'after', parts.head, 0),
    ...placed('    log = prepare.ProgressLog()\n', 'before', parts.start),
    ...placed('    prepare.save_weights(model)\n', 'after', parts.saved),
    ...placed('        return SOFTCAP * torch.tanh(logits / SOFTCAP)\n', 'before', parts.logits, 8),
    ...placed('    return model\n', 'before', parts.built),
  ];
}
