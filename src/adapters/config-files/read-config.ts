/**
 * Which files are configuration files, and how each is read. A further format is one row.
 */
import { type ConfigReading, lineAt } from './config-tree.ts';
import { readJson } from './read-json.ts';
import { readToml } from './read-toml.ts';
import { readYaml } from './read-yaml.ts';

const readers: readonly (readonly [RegExp, (text: string) => ConfigReading])[] = [
  [/\.ya?ml$/i, readYaml],
  [/\.json[5c]?$/i, readJson],
  [/\.toml$/i, readToml],
];

/** Whether the name is that of a configuration file. */
export function isConfigFile(file: string): boolean {
  return readers.some(([names]) => names.test(file));
}

/** Reads a configuration file, and nothing of it is executed; one too deeply nested for the parser counts as broken. */
export function readConfig(file: string, text: string): ConfigReading {
  const read = readers.find(([names]) => names.test(file))?.[1];
  try {
    return read?.(text) ?? { kind: 'read', documents: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'broken', line: lineAt(text, 0), message: 'it is nested too deeply' };
  }
}
