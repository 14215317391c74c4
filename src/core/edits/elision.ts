/**
 * Lines that stand for code which was left out, such as `# ... rest unchanged`: applied as they are they would delete it.
 */

const dots = /^(?:#|\/\/|--|\/\*|<!--)?\s*(?:\.\.\.|…)/;
const comment = /^(?:#|\/\/|--|\/\*|<!--)/;
const standIn = new RegExp(
  [
    'unchanged',
    '(?:same )?as (?:before|is)\\b',
    'same as (?:above|the original)',
    'omitted',
    '(?:stays?|remains?) the same',
    'rest of (?:the |this )?(?:code|file|function|class|method|script|loop|body|implementation)',
    'the rest\\W*$',
    '(?:existing|previous|original|remaining|other) (?:code|lines?|functions?|methods?|imports?|implementation|logic)',
  ].join('|'),
  'i',
);

/** The first line that seems to stand for code left out; a line that the file has already is code, not a stand-in. */
export function findElision(text: string, content: string): string | undefined {
  const own = new Set(content.split('\n').map((line) => line.trim()));
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => isElision(line) && !own.has(line));
}

function isElision(line: string): boolean {
  return dots.test(line) || (comment.test(line) && standIn.test(line));
}
