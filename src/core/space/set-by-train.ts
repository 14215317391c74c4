/**
 * Finds the knobs that the command line sets: an edit of their default or of a configuration file would do nothing.
 */
import type { Knob } from './knob.ts';

/** Why such a knob is still. */
export const setByTrain = '`train:` sets it';

/**
 * The same knobs, those still that an argument sets: `--lr 0.1`, `--optimizer.lr=0.1`, `optimizer.lr=0.1`, `LR=0.1` before
 * the command. An argument means a flag, a field or a value of a configuration file, by its path or the last part of it;
 * a constant of the source is none of these.
 */
export function markSetByTrain(knobs: readonly Knob[], train: readonly string[]): readonly Knob[] {
  // A command within one, as in `sh -c 'python train.py --lr 0.1'`, sets what it sets.
  const words = train.slice(1).flatMap((argument) => argument.split(/[\s"']+/));
  const assigned = words.flatMap(assignedBy);
  if (assigned.length === 0) return knobs;
  const set = new Set(assigned.flatMap((name) => meantBy(name, knobs)));
  return knobs.map((knob) => (set.has(knob) && knob.still === undefined ? { ...knob, still: setByTrain } : knob));
}

/** `--weight-decay=0`, `--weight_decay`, `-lr`, and Hydra's `a.b=1`, `+a.b=1`, `~a.b`, `group@package=x`. */
function assignedBy(argument: string): readonly string[] {
  const flag = /^--?([A-Za-z_][\w.-]*)(?:=|$)/.exec(argument)?.[1];
  const override = /^(?:\+{0,2}|~)([A-Za-z_][\w./@-]*)=/.exec(argument)?.[1];
  const name = flag ?? override;
  if (name === undefined) return [];
  const plain = canonical(name);
  return flag === undefined ? [plain] : [plain, plain.replace(/^no_/, '')];
}

function canonical(name: string): string {
  return name.replaceAll('-', '_').replaceAll('/', '.');
}

function meantBy(name: string, knobs: readonly Knob[]): readonly Knob[] {
  const flags = knobs.filter(
    ({ form, name: own }) => (form === 'flag' || form === 'variable') && canonical(own) === name,
  );
  const others = knobs.filter(({ form }) => form === 'config' || (form === 'field' && flags.length === 0));
  const exact = others.filter((knob) => pathsOf(knob).includes(name));
  if (exact.length > 0 || name.includes('.')) return [...flags, ...exact];
  const ending = others.filter((knob) => canonical(knob.name).endsWith(`.${name}`));
  return ending.length === 1 ? [...flags, ...ending] : flags;
}

/** The knob's own path, and behind that of its file: Hydra names the `lr` of `conf/optimizer/adam.yaml` `optimizer.lr`. */
function pathsOf({ name, file }: Knob): readonly string[] {
  const folders = file.split('/').slice(0, -1);
  const paths = [...folders.keys()].map((from) => `${folders.slice(from).join('.')}.${name}`);
  return [name, ...paths].map(canonical);
}
