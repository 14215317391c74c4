/**
 * What an address of the dashboard asks for. Whatever it does not understand is as usual: an address is typed, cut and passed on.
 */
import { parseStrictNumber } from '../../core/base/strict-number.ts';
import type { TableQuery } from '../../web/live/experiments.ts';
import { type ViewName, views } from '../../web/live/shell.ts';

export interface PageQuery {
  /** Undefined: the study that the command was started for. */
  readonly study: string | undefined;
  readonly view: ViewName;
  /** Of the page of an experiment. */
  readonly experiment: number;
  readonly table: TableQuery;
  /** Tags of the studies to compare. */
  readonly compared: readonly string[];
}

const maxCompared = 12;

/** Reads an address. */
export function readPageQuery(search: URLSearchParams): PageQuery {
  const text = (name: string) => search.get(name) ?? '';
  const view = [...views, 'experiment' as const].find((name) => name === text('view')) ?? 'now';
  return {
    study: search.get('study') ?? undefined,
    view,
    experiment: countIn(text('n'), 0),
    table: {
      filter: text('q'),
      status: text('status'),
      columns: search.getAll('column'),
      sort: text('sort') || 'experiment',
      way: text('way') === 'up' ? 'up' : 'down',
      page: countIn(text('page'), 1),
    },
    compared: [...new Set(search.getAll('with'))].slice(0, maxCompared),
  };
}

function countIn(text: string, otherwise: number): number {
  const value = parseStrictNumber(text)?.value;
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}
