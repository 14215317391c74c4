/**
 * Places slanted labels on a shelf above a plot so that no two touch: each as near to its point as its neighbours
 * allow.
 *
 * When there are more than fit, those with the least weight are left out.
 */

export interface Label {
  /** Where the point is. */
  readonly x: number;
  /** How far the label reaches to the right of its anchor. */
  readonly reach: number;
  /** Labels of the least weight are left out first. */
  readonly weight: number;
}

export interface Shelf {
  readonly left: number;
  /** No label reaches beyond this x. */
  readonly right: number;
  /** Minimum distance between two anchors. */
  readonly spacing: number;
}

export type Placed<Item> = Item & { readonly anchor: number };

/** The labels that fit, from left to right, with their anchors. */
export function placeLabels<Item extends Label>(labels: readonly Item[], shelf: Shelf): Placed<Item>[] {
  const room = Math.max(1, Math.floor((shelf.right - shelf.left) / shelf.spacing));
  let chosen = heaviest(labels, room);
  let anchors = anchorsOf(chosen, shelf);
  while (chosen.length > 1 && (anchors[0] ?? 0) < shelf.left - 0.01) {
    chosen = heaviest(chosen, chosen.length - 1);
    anchors = anchorsOf(chosen, shelf);
  }
  return chosen.map((label, index) => ({ ...label, anchor: anchors[index] ?? label.x }));
}

function heaviest<Item extends Label>(labels: readonly Item[], count: number): Item[] {
  const chosen = new Set([...labels].sort((a, b) => b.weight - a.weight).slice(0, count));
  return labels.filter((label) => chosen.has(label)).sort((a, b) => a.x - b.x);
}

interface Cluster {
  /** Sum over the labels of the cluster's best start, each label considered alone. */
  sum: number;
  count: number;
  start: number;
}

/**
 * The anchors with the least sum of squared shifts that keep the minimum distance: labels that would collide move
 * together (the algorithm is called pool adjacent violators).
 */
function anchorsOf(labels: readonly Label[], { left, right, spacing }: Shelf): number[] {
  const clusters: Cluster[] = [];
  for (const { x } of labels) {
    clusters.push({ sum: x, count: 1, start: x });
    for (let last = clusters.at(-1), before = clusters.at(-2); last && before; ) {
      if (last.start >= before.start + before.count * spacing) break;
      before.sum += last.sum - last.count * before.count * spacing;
      before.count += last.count;
      before.start = Math.max(left, before.sum / before.count);
      clusters.pop();
      last = before;
      before = clusters.at(-2);
    }
  }
  const anchors = clusters.flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, index) => start + index * spacing),
  );
  return pushLeft(anchors, labels, right, spacing);
}

function pushLeft(anchors: readonly number[], labels: readonly Label[], right: number, spacing: number): number[] {
  const pushed = [...anchors];
  let limit = Number.POSITIVE_INFINITY;
  for (let index = pushed.length - 1; index >= 0; index--) {
    limit = Math.min(limit, right - (labels[index]?.reach ?? 0));
    pushed[index] = Math.min(pushed[index] ?? 0, limit);
    limit = (pushed[index] ?? 0) - spacing;
  }
  return pushed;
}
