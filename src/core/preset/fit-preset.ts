/**
 * Writes a preset into the brief and the training script of `sandbox/gpt`, as a person would: one literal at a time.
 */
import { ok } from '../base/errors.ts';
import { writeDuration } from '../journal/settings/parse-duration.ts';
import type { Device, Preset } from './preset.ts';

/** The brief with its budget, its window and one line of comment that says for what it was made. */
export function fitBrief(brief: string, device: Device, preset: Preset): string {
  const { budgetSeconds, windowTokens } = preset;
  const fitted = replaceLine(brief, 'budget', `budget: ${writeDuration(budgetSeconds)}`);
  const prepare = `prepare: python prepare.py --data auto --seq-len ${windowTokens}`;
  const comment = `# made for: ${describeDevice(device)}`;
  return replaceLine(fitted, 'prepare', prepare).replace('---\n', () => `---\n${comment}\n`);
}

/** The script with its size and batches. */
export function fitScript(script: string, { depth, totalBatch, deviceBatch }: Preset): string {
  const sized = setConstant(script, 'DEPTH', String(depth));
  return setConstant(
    setConstant(sized, 'TOTAL_BATCH', `2**${Math.log2(totalBatch)}`),
    'DEVICE_BATCH',
    `${deviceBatch}`,
  );
}

/** A device in one line: name, type, memory and measured speed. */
export function describeDevice({ name, capability, type, memoryMb, teraflops }: Device): string {
  const generation = capability === undefined ? '' : `, compute capability ${capability}`;
  return `${name}${generation}, ${(memoryMb / 1024).toFixed(1)} GB, ${Number(teraflops.toPrecision(2))} TFLOP/s in ${type}`;
}

function replaceLine(text: string, key: string, line: string): string {
  const found = new RegExp(`^${key}:.*$`, 'm');
  ok(found.test(text), `the brief has a line for ${key}`);
  return text.replace(found, () => line);
}

/** Replaces a constant's literal; the comment behind it stays in its column. */
function setConstant(script: string, name: string, literal: string): string {
  const line = new RegExp(`^(${name} = )(\\S+)( *)(?=#)`, 'm');
  ok(line.test(script), `the script has a line for ${name}`);
  return script.replace(line, (_, start: string, old: string, space: string) => {
    const width = Math.max(1, old.length + space.length - literal.length);
    return `${start}${literal}${' '.repeat(width)}`;
  });
}
