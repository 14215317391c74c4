/**
 * One section of the report: what it says in Markdown and in HTML, from the same data.
 */
import type { Report } from '../core/views/report/report.ts';
import type { NamedFigure, ShowFigure } from './html/figure-text.ts';
import type { Markup } from './markup.ts';

export interface Section {
  /** Its anchor in the page, as in `report.html#kept`. */
  readonly id: string;
  readonly heading: string;
  /** Number of items, such as keeps, shown beside the page's heading; 0 is not shown. */
  readonly count?: (report: Report) => number;
  /** The text below the heading; undefined while there is nothing to say. */
  readonly markdown?: (report: Report) => string | undefined;
  readonly html?: (report: Report, figure: ShowFigure) => Markup | undefined;
  /** The figures that its HTML shows, for `nocturne check` to work out again. */
  readonly figures?: (report: Report) => readonly NamedFigure[];
}
