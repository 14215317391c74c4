/** Variants of the self-reported folder's `train.py`, which has the shape of karpathy/autoresearch. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { editScript, placed, setKnobs } from './edit-script.ts';

export interface SelfParts {
  readonly knobs?: Readonly<Record<string, string>>;
  /** Before the fixed side is imported. */
  readonly first?: string;
  /** After it is imported. */
  readonly head?: string;
  /** In place of the line that loads the training text. */
  readonly data?: string;
  /** In place of the line that grades. */
  readonly graded?: string;
  /** After the last line of the summary. */
  readonly end?: string;
}

/** The script with these parts; without knobs it counts hardly anything. */
export function selfScript({ knobs = { STRIDE: '800' }, ...parts }: SelfParts): string {
  const own = readFileSync(fileURLToPath(new URL('self-reported/train.py', import.meta.url)), 'utf8');
  return editScript(setKnobs(own, knobs), [
    ...placed('import prepare\n', 'before', parts.first, 0),
    ...placed('from prepare import TIME_BUDGET, evaluate_bpb\n', 'after', parts.head, 0),
    ...placed('text = prepare.training_text()\n', 'instead', parts.data, 0),
    ...placed('val_bpb = evaluate_bpb(share)\n', 'instead', parts.graded, 0),
    ...placed('print(f"num_steps:        {step}")\n', 'after', parts.end, 0),
  ]);
}
