/**
 * Prompt templates: text with `{{name}}` where the study's own words go.
 *
 * A name that the program does not offer, and an offered one that the text leaves out, are both errors: a prompt that
 * silently lost the brief would waste a night.
 */
import { SettingsError } from './errors.ts';

const variable = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;

/** Throws a SettingsError naming the file and the name, unless the text uses exactly these names. */
export function checkTemplate(file: string, text: string, names: readonly string[]): void {
  const used = new Set(Array.from(text.matchAll(variable), (match) => match[1] as string));
  const unknown = [...used].find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(file, `{{${unknown}}} is no name that this prompt can use`, names);
  const unused = names.find((name) => !used.has(name));
  if (unused !== undefined) throw wrong(file, `{{${unused}}} is missing from it`, names);
  const [stray] = text.replace(variable, '').match(/\{\{[^\n]{0,30}/) ?? [];
  if (stray !== undefined) throw wrong(file, `\`${stray}\` is no name in double braces`, names);
}

/** The text with every name replaced by its value; values are put in as they are, whatever they contain. */
export function renderTemplate(file: string, text: string, values: Readonly<Record<string, string>>): string {
  checkTemplate(file, text, Object.keys(values));
  return text.replace(variable, (_, name: string) => values[name] ?? '').trim();
}

function wrong(file: string, what: string, names: readonly string[]): SettingsError {
  return new SettingsError(`${file}: ${what}.`, {
    hint: `This prompt uses each of these once or more: ${names.map((name) => `{{${name}}}`).join(', ')}.`,
  });
}
