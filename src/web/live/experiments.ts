/**
 * The table of experiments: sorted, filtered, a page of it at a time.
 */
import { countText } from '../../core/base/format.ts';
import type { ExperimentStatus } from '../../core/journal/experiment-row.ts';
import type { Column, ExperimentTable } from '../../core/views/table/columns.ts';
import { columnsShown } from '../../core/views/table/columns-shown.ts';
import { type Filtered, filterTable, findColumn, maxFilter } from '../../core/views/table/filter.ts';
import { sortBy, type Way } from '../../core/views/table/sort.ts';
import { type Markup, markup } from '../markup.ts';
import { cellContent } from './cell-text.ts';
import { experimentLink, linkTo, type Place, type Query } from './links.ts';

/** What is asked of the table. */
export interface TableQuery {
  readonly filter: string;
  readonly status: string;
  readonly columns: readonly string[];
  readonly sort: string;
  readonly way: Way;
  /** From 1. */
  readonly page: number;
}

export const rowsPerPage = 100;

const statuses: readonly ExperimentStatus[] = ['kept', 'reverted', 'failed', 'running', 'dropped', 'baseline'];

/** The page's content; scores have this many decimals. */
export function experimentsPage(place: Place, table: ExperimentTable, query: TableQuery, decimals: number): Markup {
  const columns = columnsShown(table, query.columns);
  const filtered = filterTable(table, query.filter);
  return markup`<h1 class="small">Experiments</h1>${filterForm(place, table, query, columns)}
${filtered.kind === 'unclear' ? markup`<p class="warning" role="alert">${filtered.reason}</p>` : rowsBlock(place, table, query, columns, filtered, decimals)}`;
}

function rowsBlock(
  place: Place,
  table: ExperimentTable,
  query: TableQuery,
  columns: readonly Column[],
  { experiments }: Extract<Filtered, { kind: 'found' }>,
  decimals: number,
): Markup {
  const found = experiments.filter(
    (experiment) => query.status === '' || table.rows[experiment]?.status === query.status,
  );
  const sorted = sortBy(found, findColumn(table.columns, query.sort) ?? firstColumn(table), query.way);
  const pages = Math.max(1, Math.ceil(sorted.length / rowsPerPage));
  const page = Math.min(Math.max(1, query.page), pages);
  const first = (page - 1) * rowsPerPage;
  const shown = sorted.slice(first, first + rowsPerPage);
  const range = pages > 1 ? `, ${first + 1} to ${first + shown.length} here` : '';
  const rows = shown.map((experiment) => rowLine(place, table, columns, experiment, decimals));
  return markup`<p class="facts" id="found" role="status">${countText(sorted.length, 'experiment')} of ${table.rows.length}${range}</p>
<div class="scroll grid" tabindex="0" role="region" aria-label="experiments"><table><thead><tr>${columns.map((column) => headCell(place, query, column))}</tr></thead><tbody>${rows}</tbody></table></div>
${pager(place, query, page, pages)}`;
}

function firstColumn({ columns }: ExperimentTable): Column {
  return columns[0] ?? { id: 'experiment', name: '#', group: 'experiment', form: 'count', cells: [] };
}

function rowLine(
  place: Place,
  { rows }: ExperimentTable,
  columns: readonly Column[],
  experiment: number,
  decimals: number,
): Markup {
  const cells = columns.map(({ id, cells: all, form }) => {
    const content = cellContent(all[experiment] ?? null, form, decimals);
    const shown =
      id === 'experiment' ? markup`<a class="row" href="${experimentLink(place, experiment)}">${content}</a>` : content;
    return markup`<td${form === 'text' ? undefined : markup` class="num"`}${id === 'title' ? markup` class="title"` : undefined}>${shown}</td>`;
  });
  return markup`<tr id="a${experiment}" class="is-${rows[experiment]?.status ?? 'running'}">${cells}</tr>`;
}

function headCell(place: Place, query: TableQuery, { id, name, form }: Column): Markup {
  const isSorted = query.sort === id;
  const way: Way = isSorted && query.way === 'up' ? 'down' : 'up';
  const order = isSorted ? markup` aria-sort="${query.way === 'up' ? 'ascending' : 'descending'}"` : undefined;
  const arrow = isSorted ? (query.way === 'up' ? ' ↑' : ' ↓') : '';
  const href = linkTo(place, { ...queryOf(query), sort: id, way, page: undefined });
  return markup`<th scope="col"${order}${form === 'text' ? undefined : markup` class="num"`}><a href="${href}">${name}${arrow}</a></th>`;
}

/** The query as an address has it, without what is as usual. */
export function queryOf({ filter, status, columns, sort, way, page }: TableQuery): Query {
  return {
    view: 'experiments',
    q: filter,
    status,
    column: columns,
    ...(sort === 'experiment' && way === 'down' ? {} : { sort, way }),
    page: page > 1 ? page : undefined,
  };
}

function pager(place: Place, query: TableQuery, page: number, pages: number): Markup | undefined {
  if (pages === 1) return undefined;
  const link = (to: number, text: string, key: string) =>
    to < 1 || to > pages
      ? markup`<span class="quiet">${text}</span>`
      : markup`<a data-key="${key}" href="${linkTo(place, { ...queryOf(query), page: to })}">${text}</a>`;
  return markup`<nav class="pager" aria-label="pages of the table">${link(page - 1, 'previous', '[')} <span>page ${page} of ${pages}</span> ${link(page + 1, 'next', ']')}</nav>`;
}

function filterForm(place: Place, table: ExperimentTable, query: TableQuery, shown: readonly Column[]): Markup {
  const { sort, way } = query;
  const kept = { study: place.study, view: 'experiments', sort, way, token: place.token ?? '' };
  const hidden = Object.entries(kept).flatMap(([name, value]) =>
    value === '' ? [] : [markup`<input type="hidden" name="${name}" value="${value}">`],
  );
  const options = statuses.map(
    (status) =>
      markup`<option value="${status}"${status === query.status ? markup` selected` : undefined}>${status}</option>`,
  );
  return markup`<form class="filter" id="filter" method="get" role="search" data-live>${hidden}
<label class="q"><span>Find</span><input type="search" name="q" value="${query.filter}" maxlength="${maxFilter}" data-key="/" placeholder="words, gain&gt;0.01, DEPTH=8" autocomplete="off" spellcheck="false"></label>
<label><span>Status</span><select name="status"><option value="">any</option>${options}</select></label>
${columnChooser(table, shown)}<noscript><button>Show</button></noscript></form>`;
}

const groups = { experiment: 'Experiment', knob: 'Knobs', metric: 'Metrics' } as const;

function columnChooser({ columns }: ExperimentTable, shown: readonly Column[]): Markup {
  const ids = new Set(shown.map(({ id }) => id));
  const boxes = (group: Column['group']) =>
    columns
      .filter((column) => column.group === group && column.id !== 'experiment')
      .map(
        ({ id, name }) =>
          markup`<label><input type="checkbox" name="column" value="${id}"${ids.has(id) ? markup` checked` : undefined}> ${name}</label>`,
      );
  const sets = (Object.keys(groups) as Column['group'][]).flatMap((group) => {
    const inside = boxes(group);
    return inside.length === 0 ? [] : [markup`<fieldset><legend>${groups[group]}</legend>${inside}</fieldset>`];
  });
  return markup`<details class="columns" id="columns"><summary>Columns</summary><div>${sets}</div></details>`;
}
