/**
 * The settings that a brief may have one day but that nothing here acts on yet: an error, never ignored.
 *
 * Whoever builds a part deletes its line.
 */

/** Values of keys that are built: what is missing, and what there is instead. */
export const notBuiltValues: Readonly<Record<string, { missing: readonly string[]; instead: string }>> = {
  engine: { missing: ['slurm', 'ray', 'skypilot', 'colab'], instead: 'local' },
};
