/**
 * What a node of Ray has free, from the lines in which the dashboard tells its usage: `1.0/8.0 CPU`, `0B/4.66GiB memory`.
 */

/** Amounts of one node, such as `{ CPU: 8, GPU: 1 }`; memory in bytes. */
export type NodeResources = Readonly<Record<string, number>>;

/** The free amount of each resource. What a placement group has reserved is not free, used or not. */
export function freeOf(text: string): NodeResources {
  const lines = [...text.matchAll(/^\s*(\S+)\/(\S+) (\S+)(?: \((\S+) used of (\S+) reserved)?/gm)];
  return Object.fromEntries(
    lines.map(([, used = '', total = '', name = '', usedThere = '0', reserved = '0']) => [
      name,
      amountOf(total) - amountOf(used) - (amountOf(reserved) - amountOf(usedThere)),
    ]),
  );
}

const units: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

function amountOf(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)([KMGT]?i?B)?$/.exec(text) ?? [];
  return Number(number ?? 0) * (units[unit] ?? 1);
}
