/** Edits of a sandbox's own script at places that must be there. */

/** Places a text in front of, behind or instead of an anchor. */
export interface ScriptEdit {
  readonly at: string;
  readonly how: 'before' | 'after' | 'instead';
  readonly text: string;
}

/** The script with all edits made. Throws where an anchor is missing, or is there twice. */
export function editScript(script: string, edits: readonly ScriptEdit[]): string {
  return edits.reduce(editOnce, script);
}

function editOnce(script: string, { at, how, text }: ScriptEdit): string {
  const [before, after, ...others] = script.split(at);
  if (before === undefined || after === undefined || others.length > 0)
    throw new Error(`the script must have this once:\n${at}`);
  const middle = how === 'instead' ? text : how === 'before' ? text + at : at + text;
  return before + middle + after;
}

/** Python lines, written at the left margin of a template, as they stand in a function. */
export function indented(code: string, spaces = 4): string {
  const lines = code.replace(/^\n/, '').replace(/\s*$/, '').split('\n');
  return `${lines.map((line) => (line === '' ? '' : ' '.repeat(spaces) + line)).join('\n')}\n`;
}

/** The edit that puts a variant's code at a place of the script; none where it has none. */
export function placed(at: string, how: ScriptEdit['how'], code: string | undefined, spaces = 4): ScriptEdit[] {
  return code === undefined ? [] : [{ at, how, text: indented(code, spaces) }];
}

/** The script with knobs set: `NAME = …` at the left margin. */
export function setKnobs(script: string, knobs: Readonly<Record<string, string>>): string {
  return Object.entries(knobs).reduce((text, [name, value]) => {
    const line = new RegExp(`^${name} = [^#\\n]*?(?=\\s*(?:#|$))`, 'm');
    if (!line.test(text)) throw new Error(`the script has no knob ${name}`);
    return text.replace(line, () => `${name} = ${value}`);
  }, script);
}
