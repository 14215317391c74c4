/**
 * Which files of a Hydra configuration are not composed: `defaults:` chooses `optimizer/adam.yaml`, so an edit of
 * `optimizer/sgd.yaml` does nothing.
 *
 * https://hydra.cc/docs/advanced/defaults_list/
 */
import type { ConfigNode } from './config-tree.ts';

/** Documents by file, as they were read. */
export type ReadConfigs = Readonly<Record<string, readonly ConfigNode[]>>;

interface Choice {
  /** Such as `optimizer` or `model/encoder`. */
  readonly group: string;
  readonly option: string;
  readonly by: string;
}

/**
 * For each file that is a member of a chosen group and not chosen itself, why its values are still. `train` may choose
 * another one: `optimizer=sgd`.
 */
export function unchosenFiles(configs: ReadConfigs, train: readonly string[]): Readonly<Record<string, string>> {
  const written = Object.entries(configs).flatMap(([file, [document]]) => choicesOf(file, document));
  const asked = train.flatMap((argument): readonly Choice[] => {
    const [, group, option] = /^\+?([A-Za-z_][\w/]*)(?:@[\w.]*)?=([\w.-]+)$/.exec(argument) ?? [];
    return group === undefined || option === undefined ? [] : [{ group, option, by: '`train:`' }];
  });
  const choices = [...asked, ...written.filter(({ group }) => !asked.some((choice) => choice.group === group))];
  const entries = Object.keys(configs).flatMap((file) => {
    const own = choices.filter(({ group }) => isMember(file, group));
    const [first] = own;
    if (first === undefined || own.some(({ group, option }) => isOption(file, group, option))) return [];
    return [[file, `${first.by} chooses ${first.group}: ${first.option}`]];
  });
  return Object.fromEntries(entries);
}

function choicesOf(file: string, document: ConfigNode | undefined): readonly Choice[] {
  const defaults = document?.kind === 'map' ? document.entries.find(([key]) => key === 'defaults')?.[1] : undefined;
  if (defaults?.kind !== 'list') return [];
  return defaults.items.flatMap((item) => {
    const [[key, value] = []] = item.kind === 'map' ? item.entries : [];
    if (key === undefined || value === undefined) return [];
    const group = key
      .replace(/^(?:optional|override)\s+/, '')
      .replace(/@.*$/, '')
      .replace(/^\//, '');
    const options = value.kind === 'list' ? value.items : [value];
    return options.flatMap((option) =>
      option.kind === 'scalar' && typeof option.value === 'string' && /^[\w./-]+$/.test(option.value)
        ? [{ group, option: option.value.replace(/\.ya?ml$/, ''), by: `\`defaults:\` of ${file}` }]
        : [],
    );
  });
}

/** Whether the file lies right in the group's folder. */
function isMember(file: string, group: string): boolean {
  return `/${file.replace(/\/[^/]*$/, '')}`.endsWith(`/${group}`) && file.includes('/');
}

function isOption(file: string, group: string, option: string): boolean {
  return `/${file}`.replace(/\.ya?ml$/, '').endsWith(`/${group}/${option}`);
}
