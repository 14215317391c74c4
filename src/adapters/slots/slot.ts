/**
 * What the runs of one slot have of the machine.
 */

/** A part of this machine that one run at a time has. */
export interface Slot {
  /** Variables that its runs get, over those of the owner's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The numbers of the processors that they are kept to; absent: any. */
  readonly processors?: readonly number[];
  /** What other slots have a part of too: the owner asked for more slots than there are, or cores cannot be told apart. */
  readonly shared: readonly ('cores' | 'gpus')[];
}

/** The slots of a session. */
export interface Slots {
  /** By their numbers; at least one. */
  readonly each: readonly Slot[];
  /**
   * What each of them is, such as `NVIDIA A100-SXM4-80GB` or `2 x …`, where that is known here; undefined for a lone slot that is the
   * whole machine, whose runs do not say where they ran.
   */
  readonly where: { readonly device?: string } | undefined;
  /** The same in words, such as `a GPU each (NVIDIA L4)`. */
  readonly words: string;
  /** What the owner should know of how they were dealt, one sentence each. */
  readonly notes: readonly string[];
}
