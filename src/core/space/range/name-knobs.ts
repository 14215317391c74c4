/**
 * Which knobs a name in a brief or a condition stands for: by the whole name, or by the last parts of one that no other
 * knob shares.
 */
import { BriefError } from '../../base/errors.ts';
import { nearestName } from '../../base/nearest-name.ts';
import type { Knob } from '../knob.ts';

/**
 * The knobs of this name: all whose whole name it is, `[2]` and the like included, without the still ones where not all of
 * them are; else those that end so, as `AdamW.lr` does in `lr`. Several names mean that the name does not say which.
 */
export function knobsNamed(knobs: readonly Knob[], name: string): readonly Knob[] {
  const whole = knobs.filter((knob) => knob.name === name);
  const free = whole.filter(({ still }) => still === undefined);
  if (whole.length > 0) return free.length > 0 ? free : whole;
  return knobs.filter((knob) => knob.name.replace(/\[\d+\]$/, '').endsWith(`.${name}`));
}

/** The key that stands for each knob, by the knob's whole name; a whole name goes before a short one. */
export function keysOf(knobs: readonly Knob[], all: readonly string[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const key of all) {
    const [name, another] = namesOf(knobsNamed(knobs, key));
    if (name === undefined || another !== undefined) continue;
    if (key === name || !keys.has(name)) keys.set(name, key);
  }
  return keys;
}

/** Throws unless the name stands for one knob, or for knobs of one name; `subject` begins the error's sentence. */
export function requireKnob(subject: string, knobs: readonly Knob[], name: string): void {
  const found = namesOf(knobsNamed(knobs, name));
  if (found.length === 1) return;
  if (found.length === 0) throw unknownKnob(subject, name, namesOf(knobs));
  throw new BriefError(`${subject} may be any of ${listed(found)}; expected the whole name of one`);
}

function unknownKnob(subject: string, name: string, names: readonly string[]): BriefError {
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? 'they have none' : `expected one of ${listed(names)}`;
  const help = nearest === undefined ? known : `did you mean \`${nearest}\`?`;
  return new BriefError(`${subject} is not a knob of the editable files; ${help}`, {
    hint: 'Without it, `nocturne space --all` lists every knob that there is.',
  });
}

function namesOf(knobs: readonly Knob[]): readonly string[] {
  return [...new Set(knobs.map((knob) => knob.name))];
}

const maxListed = 20;

function listed(names: readonly string[]): string {
  const rest = names.length - maxListed;
  return rest > 0 ? `${names.slice(0, maxListed).join(', ')} and ${rest} more` : names.join(', ');
}
