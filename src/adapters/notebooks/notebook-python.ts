/**
 * The view of a notebook as Python source: what only a notebook understands becomes what Python's parser passes over.
 */

/** Cells in other languages or that are no code: `%%bash`, `%%writefile train.py`, `%%html`. */
const wholeCell = /^%%(?!time\b|timeit\b|capture\b|prun\b|memit\b|python3?\b)/;
const magicLine = /^(\s*)((?:%{1,2}[A-Za-z_]|![^=]|\?).*|[\w.]+\?{1,2}\s*)$/;
const magicValue = /^(\s*[\w.,\s[\]'"]+=\s*)((?:%[A-Za-z_]|![^=]).*)$/;

/** The same number of bytes on each line, so that what is found in it is found at the same place in the view. */
export function pythonOf(view: string): string {
  return eachLine(view, (indent, magic) => `${indent}0${' '.repeat(Buffer.byteLength(magic) - 1)}`);
}

/** Source whose normal form changes with a magic line too: each is a call. */
export function comparablePythonOf(view: string): string {
  return eachLine(view, (indent, magic) => `${indent}magic(${JSON.stringify(magic)})`);
}

function eachLine(view: string, write: (indent: string, magic: string) => string): string {
  let isFirst = true;
  let isOther = false;
  const lines = view.split('\n').map((line) => {
    if (/^# %%(?!%)/.test(line)) {
      isFirst = true;
      isOther = false;
      return line;
    }
    if (isFirst && line.trim() !== '') {
      isFirst = false;
      isOther = wholeCell.test(line);
      if (line.startsWith('%%')) return write('', line);
    }
    if (isOther) return line === '' ? line : write('', line);
    const [, indent = '', magic] = magicLine.exec(line) ?? [];
    if (magic !== undefined) return write(indent, magic);
    const [, target = '', value] = magicValue.exec(line) ?? [];
    return value === undefined ? line : write(target, value);
  });
  return lines.join('\n');
}
