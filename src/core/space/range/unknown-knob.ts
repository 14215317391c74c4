/**
 * The error for a name that is no knob.
 */

import { BriefError } from '../../base/errors.ts';
import { nearestName } from '../../base/nearest-name.ts';

/** Says which knob was probably meant, else which there are; `subject` is who named it. */
export function unknownKnob(subject: string, name: string, names: readonly string[]): BriefError {
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? 'they have none' : `expected one of ${[...new Set(names)].join(', ')}`;
  const help = nearest === undefined ? known : `did you mean \`${nearest}\`?`;
  return new BriefError(`${subject} is not a knob of the editable files; ${help}`, {
    hint: 'A knob is a line `NAME = value` in capitals at the top level of an editable file.',
  });
}
