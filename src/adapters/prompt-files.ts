/**
 * The prompts as files: the study's own `prompts/` beside the brief, file by file, else those of this package.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError } from '../core/base/errors.ts';
import { checkTemplate, renderTemplate } from '../core/base/template.ts';
import { type PromptName, promptNames, type RenderPrompt } from '../core/llm/prompt-values.ts';
import { packagePath } from './package-root.ts';

/** Reads and checks every prompt at once, so that a mistake in one shows before the study starts. */
export async function loadPrompts(briefFolder: string): Promise<RenderPrompt> {
  const names = Object.keys(promptNames) as PromptName[];
  const read = await Promise.all(names.map(async (name) => [name, await readPrompt(briefFolder, name)] as const));
  const prompts = Object.fromEntries(read) as Record<PromptName, PromptFile>;
  return (name, values) => renderTemplate(prompts[name].path, prompts[name].text, values);
}

interface PromptFile {
  readonly path: string;
  readonly text: string;
}

async function readPrompt(briefFolder: string, name: PromptName): Promise<PromptFile> {
  const own = join(briefFolder, 'prompts', `${name}.md`);
  const shipped = packagePath('prompts', `${name}.md`);
  const prompt = (await readIfThere(own)) ?? (await readIfThere(shipped));
  if (!prompt) throw new SettingsError(`The prompt ${shipped} is missing from this installation.`);
  checkTemplate(prompt.path, prompt.text, promptNames[name]);
  return prompt;
}

async function readIfThere(path: string): Promise<PromptFile | undefined> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return undefined;
    throw new SettingsError(`The prompt ${path} cannot be read.`, { cause: error });
  }
}
