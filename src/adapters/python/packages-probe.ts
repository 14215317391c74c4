/**
 * Asks an interpreter what its runs have: processors, memory, and which of the usual packages; it imports none of them.
 */
import { execa } from 'execa';
import { parseJson } from '../../core/base/parse-json.ts';
import { plainText } from '../../core/base/plain-text.ts';
import { type Machine, machineSchema } from '../../core/journal/machine.ts';
import { packagePath } from '../package-root.ts';

/** Undefined when the interpreter does not answer within a minute. */
export async function probePackages(
  interpreter: string,
  names: readonly string[],
): Promise<Omit<Machine, 'gpus'> | undefined> {
  const script = packagePath('src', 'python', 'describe_machine.py');
  const { stdout, failed } = await execa(interpreter, [script, ...names], {
    reject: false,
    timeout: 60_000,
    stdin: 'ignore',
  });
  if (failed) return undefined;
  const parsed = machineSchema.omit({ gpus: true }).safeParse(parseJson(plainText(stdout)));
  return parsed.success ? parsed.data : undefined;
}
