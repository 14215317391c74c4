/**
 * How wide text will be in a figure, near enough to keep labels apart: nothing is measured, so a browser's own font may
 * differ by a tenth.
 */

/** The width in ems, by classes of characters of the bundled font. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, cut to at most this width with an ellipsis. */
export function fitText(text: string, most: number): string {
  if (textWidth(text) <= most) return text;
  let width = 1;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += textWidth(segment);
    if (width > most) break;
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
