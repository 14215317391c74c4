/** What a scorer says of how many answers it has had, apart from what else it prints. */

/** The counts, in their order, and the text without the lines. */
export function withoutAnswerLines(text: string): { readonly answers: readonly string[]; readonly rest: string } {
  const line = /^\n\[(\d+) answers\]\n?/gm;
  const answers = [...text.matchAll(line)].map(([, count = '']) => count);
  return { answers, rest: text.replace(line, '').trimEnd() };
}
