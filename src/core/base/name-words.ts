/**
 * The words of a name, by which rules know what a knob is.
 */

/** The words in capitals, split at any mark and in camelCase: `Config.weightDecay` has CONFIG, WEIGHT and DECAY. */
export function nameWords(name: string): readonly string[] {
  return name
    .replace(/([a-z]\d*)([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter(Boolean)
    .map((word) => word.toUpperCase());
}
