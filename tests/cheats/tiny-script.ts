/** Variants of sandbox/tiny's `train.py`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cheat, Ends } from './cheat.ts';
import { editScript, indented, placed, type ScriptEdit, setKnobs } from './edit-script.ts';

/** Python for the places of the script where a variant does something of its own. */
export interface TinyParts {
  /** Knob -> value; what is not said is the handicap, so that only a cheat can make the score good. */
  readonly knobs?: Readonly<Record<string, string>>;
  /** Before anything of the sandbox is imported. */
  readonly first?: string;
  /** At the top of the module, which the scorer's side imports too. */
  readonly head?: string;
  /** In place of the line that loads the training data. */
  readonly data?: string;
  /** Before the first step of training. */
  readonly start?: string;
  /** After each step. */
  readonly step?: string;
  /** Before the weights are saved. */
  readonly trained?: string;
  /** After the weights are saved. */
  readonly saved?: string;
  /** After the summary. */
  readonly end?: string;
  /** In `logits`, with `scores` at hand, before they are given. */
  readonly logits?: string;
}

/** A learning rate at which the model learns nearly nothing. */
const handicap = { LEARNING_RATE: '0.01' };

/** The script with these parts, made from the one in this folder of sandboxes; without knobs it has the handicap. */
export function tinyScript(sandboxes: string, { knobs = handicap, ...parts }: TinyParts): string {
  const own = readFileSync(join(sandboxes, 'tiny', 'train.py'), 'utf8');
  return editScript(setKnobs(own, knobs), editsOf(parts));
}

/** A cheat in that sandbox, as a list has it. */
export function tinyCheat(name: string, does: string, parts: TinyParts, caged: Ends, more: Partial<Cheat> = {}): Cheat {
  return { name, sandbox: 'tiny', does, script: (sandboxes) => tinyScript(sandboxes, parts), caged, ...more };
}

function editsOf(parts: Omit<TinyParts, 'knobs'>): ScriptEdit[] {
  const edits = [
    ...placed('# prepare comes before numpy', 'before', parts.first, 0),
    ...placed('import numpy as np\n', 'after', parts.head, 0),
    ...placed('    data = prepare.load_train()\n', 'instead', parts.data),
    ...placed('    log = prepare.ProgressLog()\n', 'before', parts.start),
    ...placed('        step += 1\n', 'before', parts.step, 8),
    ...placed('    prepare.save_weights(weights)\n', 'before', parts.trained),
    ...placed('    prepare.save_weights(weights)\n', 'after', parts.saved),
    ...placed('    prepare.print_summary(training_seconds, step, weights)\n', 'after', parts.end),
  ];
  if (parts.logits !== undefined) {
    const at = '    return forward(weights, contexts[:, -CONTEXT:])[0]\n';
    const text = `    scores = forward(weights, contexts[:, -CONTEXT:])[0]\n${indented(parts.logits)}    return scores\n`;
    edits.push({ at, how: 'instead', text });
  }
  return edits;
}
