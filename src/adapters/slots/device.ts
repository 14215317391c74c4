/**
 * An accelerator of this machine, as runs are shown it.
 */

/** One GPU, or a slice of one (MIG). */
export interface Device {
  /** What the variable that shows it to a process calls it: an index or a UUID. */
  readonly id: string;
  /** Its model, such as `NVIDIA A100-SXM4-80GB`. */
  readonly name: string;
}

/** The accelerators that runs may be dealt, all that the owner lets be seen. */
export interface Accelerators {
  readonly devices: readonly Device[];
  /** The variable that shows a process some of them. */
  readonly variable: string;
  /** What gives their names in it one meaning. */
  readonly also: Readonly<Record<string, string>>;
  /** Whether a process can use several of them at once: slices of GPUs it cannot. */
  readonly mayBeGrouped: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the owner chose in such a variable; undefined where it is not set, empty where it hides all. As CUDA reads it, -1 ends the list. */
export function chosenIn(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const entries = text.split(',').map((entry) => entry.trim());
  const end = entries.findIndex((entry) => entry === '' || entry === '-1');
  return [...new Set(end === -1 ? entries : entries.slice(0, end))];
}
