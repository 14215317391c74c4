/**
 * A knob's range in a few words, for a model.
 */
import type { Range } from '../space/knob.ts';
import { formatNumber } from '../space/number-text.ts';

/** Such as `0.01..3, log` or `tanh, relu or gelu`. */
export function formatRange(range: Range): string {
  if (range.kind === 'tuple') return `(${range.items.map(formatRange).join('; ')})`;
  if (range.kind === 'choice') return range.values.map((value) => String(value)).join(' or ');
  const bounds = `${formatNumber(range.low)}..${formatNumber(range.high)}`;
  if (range.kind === 'power-of-two') return `${bounds}, powers of two`;
  const words = [range.kind === 'int' ? 'whole' : '', range.log ? 'log' : ''].filter((word) => word !== '');
  return `${range.zero ? '0 or ' : ''}${[bounds, ...words].join(', ')}`;
}
