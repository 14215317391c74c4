/**
 * Estimates how wide text will be in a figure, well enough to keep labels apart. A browser's own font may differ by a
 * tenth, since nothing is measured.
 */

/** The width in ems, by classes of characters of the bundled font. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, cut to at most `maxEms` with an ellipsis. */
export function fitText(text: string, maxEms: number): string {
  if (textWidth(text) <= maxEms) return text;
  let width = 1;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += textWidth(segment);
    if (width > maxEms) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

function characterWidth(character: string): number {
  if (/[ijlI.,:;'|!()[\]{}1/\\ ]/.test(character)) return 0.32;
  if (/[mwMW@%→]/.test(character)) return 0.95;
  if (/[A-Z]/.test(character)) return 0.7;
  const isWide = (character.codePointAt(0) ?? 0) >= 0x1100;
  return isWide ? 1.05 : 0.6;
}
