/**
 * Names on the command line. Apart from the settings, so that a mistyped flag is refused before anything else is loaded.
 */
import { SettingsError } from '../../core/base/errors.ts';
import { alternativesText } from '../../core/base/format.ts';

/** A commander parser for a flag that is one of these names. */
export function parseName<Name extends string>(flag: string, names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const found = names.find((name) => name === text);
    if (found) return found;
    throw new SettingsError(`${flag} must be ${alternativesText(names)}, found ${JSON.stringify(text)}.`);
  };
}
