/**
 * Takes line numbers out of quotations: models copy them along from `read_file`, from an edit's answer and from habit.
 */

export interface Pair {
  readonly find: string;
  readonly replace: string;
}
export type Unnumbered = ({ readonly kind: 'pair' } & Pair) | { readonly kind: 'refused'; readonly reason: string };

/** A line's number and what stands between it and the text; a blank line may be its number alone. */
interface Form {
  readonly line: RegExp;
  /** Length of what is taken off a line that fits. */
  readonly strip: RegExp;
}

/** As `read_file` and the answers of `edit` show a line: its number and two blanks. */
const shownForm: Form = { line: /^[+ ]?\s*(\d+)(?: {2}|$)/, strip: /^[+ ]?\s*\d+(?: {2}|$)/ };

/** `cat -n` writes a number and a tab, others `12 | ` or `12: `, some one blank. */
const forms: readonly Form[] = [
  shownForm,
  { line: /^\s*(\d+)(?:\s*(?:[|│→]|:(?=\s|$)|\t)|$)/, strip: /^\s*\d+(?:\s*(?:[|│→]|:(?=\s|$)|\t) ?|$)/ },
  { line: /^\s*(\d+)(?: |$)/, strip: /^\s*\d+(?: |$)/ },
];

const mixed =
  '`find` and `replace` must both be lines of the file; some of the lines begin with a line number and some do not. Leave all numbers out';

/**
 * The pair without the numbers, where `find` is not in the file as it stands; refused where only some lines have one, since
 * the numbers would become part of the file.
 */
export function withoutLineNumbers({ find, replace }: Pair, own: string): Unnumbered {
  const isQuotation = own.includes(find);
  const form = isQuotation
    ? undefined
    : forms.find((one) => isNumbered(find, one) && beginsLine(strip(find, one), own));
  if (form === undefined) {
    const isOdd =
      !areNumbered(find, shownForm) && areNumbered(replace, shownForm) && /\S/.test(strip(replace, shownForm));
    return isOdd ? { kind: 'refused', reason: mixed } : { kind: 'pair', find, replace };
  }
  const numbered = linesOf(replace).filter((line) => form.line.test(line)).length;
  if (numbered === 0) return { kind: 'pair', find: strip(find, form), replace };
  if (numbered < linesOf(replace).length) return { kind: 'refused', reason: mixed };
  return { kind: 'pair', find: strip(find, form), replace: strip(replace, form) };
}

/** A whole file whose lines are numbered from 1 on, without the numbers; any other text as it is. */
export function contentWithoutLineNumbers(content: string, own: string): string {
  const lines = content.replace(/\n+$/, '').split('\n');
  const form = forms.find((one) => lines.every((line, index) => Number(one.line.exec(line)?.[1]) === index + 1));
  if (form === undefined || lines.length < 3 || forms.some((one) => isNumbered(own, one))) return content;
  return strip(content, form);
}

/** Every line has a number, each higher than the one before. */
function isNumbered(text: string, { line }: Form): boolean {
  const numbers = linesOf(text).map((one) => Number(line.exec(one)?.[1]));
  return (
    numbers.length > 0 &&
    numbers.every((found, index) => (index === 0 ? Number.isFinite(found) : found > (numbers[index - 1] ?? 0)))
  );
}

/** Whether a line of the file begins like the quotation: in `2 * x` the 2 is no line number. */
function beginsLine(quotation: string, own: string): boolean {
  const first = linesOf(quotation)[0]?.trim();
  return first !== undefined && own.split('\n').some((line) => line.trim().startsWith(first));
}

function areNumbered(text: string, { line }: Form): boolean {
  const lines = linesOf(text);
  return lines.length > 0 && lines.every((one) => line.test(one));
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function strip(text: string, { strip: mark }: Form): string {
  return text
    .split('\n')
    .map((line) => line.replace(mark, ''))
    .join('\n');
}
