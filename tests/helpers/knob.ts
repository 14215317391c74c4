/**
 * Knobs for tests, without a Python to read them.
 */
import type { Knob, KnobType, KnobValue } from '../../src/core/space/knob.ts';

/** A knob as a Python line has it: `LR = 0.1`, `DEPTH = 8`, `FLAG = True`, `MODE = "a"`, `BETAS = (0.8, 0.95)`. */
export function knob(line: string): Knob {
  const [code = '', annotation] = line.split('  # space: ');
  const [name = '', text = ''] = code.split(' = ');
  const [type, value] = literal(text);
  const plain = { name, file: 'train.py', type, value, text, span: [0, text.length] as const };
  return annotation === undefined ? plain : { ...plain, annotation };
}

function literal(text: string): [KnobType, KnobValue] {
  if (/^(True|False)$/.test(text)) return ['bool', text === 'True'];
  if (text.startsWith('"')) return ['string', JSON.parse(text)];
  if (text.startsWith('(')) return ['tuple', JSON.parse(`[${text.slice(1, -1).replace(/,$/, '')}]`)];
  const power = /^2\*\*(\d+)$/.exec(text);
  if (power !== null) return ['int', 2 ** Number(power[1])];
  return [/[.e]/.test(text) ? 'float' : 'int', Number(text)];
}
