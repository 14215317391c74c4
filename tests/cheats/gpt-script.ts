/** Variants of sandbox/gpt's `train.py`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editScript, indented, type ScriptEdit, setKnobs } from './edit-script.ts';

/** Python for the places of the script where a variant does something of its own. */
export interface GptParts {
  /** Knob -> value; what is not said is the handicap, so that only a cheat can make the score good. */
  readonly knobs?: Readonly<Record<string, string>>;
  /** At the top of the module, which the scorer's side imports too. */
  readonly head?: string;
  /** In place of the line that loads the training tokens. */
  readonly data?: string;
  /** Before the first step of training. */
  readonly start?: string;
  /** After each step. */
  readonly step?: string;
  /** Before the weights are saved. */
  readonly trained?: string;
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
  const edits: ScriptEdit[] = [];
  const add = (at: string, how: ScriptEdit['how'], code: string | undefined, spaces = 4) => {
    if (code !== undefined) edits.push({ at, how, text: indented(code, spaces) });
  };
  add('import prepare\n', 'after', parts.head, 0);
  add('    tokens, manifest = prepare.load_train(device)\n', 'after', parts.data);
  add('    log = prepare.ProgressLog()\n', 'before', parts.start);
  add('        step += 1\n', 'before', parts.step, 8);
  add('    prepare.save_weights(model)\n', 'before', parts.trained);
  add('    prepare.save_weights(model)\n', 'after', parts.saved);
  add('        return SOFTCAP * torch.tanh(logits / SOFTCAP)\n', 'before', parts.logits, 8);
  add('    return model\n', 'before', parts.built);
  return edits;
}
