/**
 * The pages of the dashboard: what an address asks for, rendered from the journals as they are now.
 */
import { asksModelOrAgent } from '../../core/brief/proposers.ts';
import { untriedKeeps } from '../../core/views/compare.ts';
import { experimentView } from '../../core/views/experiment-page.ts';
import { progressOf } from '../../core/views/report/progress.ts';
import { stopRulesOf } from '../../core/views/stop-rules.ts';
import { studyRow } from '../../core/views/study-row.ts';
import { experimentPage } from '../../web/live/experiment.ts';
import { experimentsPage } from '../../web/live/experiments.ts';
import { knobsPage } from '../../web/live/knobs.ts';
import { linkTo, type Place } from '../../web/live/links.ts';
import { nowPage } from '../../web/live/now.ts';
import { reportContent } from '../../web/live/report.ts';
import type { ViewName } from '../../web/live/shell.ts';
import { type StudiesView, studiesPage } from '../../web/live/studies.ts';
import { type Markup, markup } from '../../web/markup.ts';
import { readTrackers } from '../study-folder/read-status.ts';
import type { LiveStudies, LiveStudy } from './live-studies.ts';
import type { PageQuery } from './page-query.ts';
import { readExperimentFiles, readLiveCurves, readLiveRuns } from './study-files.ts';

/** What is shown in the frame of a page. */
export interface PageContent {
  readonly subject: string;
  readonly content: Markup;
  /** Whether the page is there. */
  readonly isFound: boolean;
}

/** The page that an address asks for, of a study as it is at `now`, an ISO time. */
export async function pageContent(
  studies: LiveStudies,
  study: LiveStudy,
  query: PageQuery,
  place: Place,
  now: string,
): Promise<PageContent> {
  const found = (subject: string, content: Markup): PageContent => ({ subject, content, isFound: true });
  switch (query.view) {
    case 'now':
      return found(study.history.frozen.metric.name, await showNow(study, place, now));
    case 'experiments':
      return found('experiments', experimentsPage(place, study.views.table(), query.table, study.views.decimals()));
    case 'experiment':
      return showExperiment(study, query.experiment, place);
    case 'knobs':
      return found(
        'knobs',
        knobsPage(place, await study.views.knobs(study.isLive), await study.views.report(study.isLive)),
      );
    case 'report':
      return found('report', reportContent(place, await study.views.report(study.isLive)));
    case 'studies':
      return found('studies', await showStudies(studies, query.compared, place, now));
    default:
      return query.view satisfies never;
  }
}

async function showNow(study: LiveStudy, place: Place, now: string): Promise<Markup> {
  const { history, isLive, views } = study;
  const runs = await readLiveRuns(study, now);
  return nowPage(place, {
    status: views.status(now, study),
    report: await views.report(isLive),
    runs,
    curves: await readLiveCurves(study, runs),
    trackers: await readTrackers(study.folder, views.tracked),
    rules: stopRulesOf(history, { at: isLive ? now : history.lastAt }),
    budget: history.frozen,
    notes: history.notes,
    isRead: asksModelOrAgent(history.session),
  });
}

async function showExperiment(study: LiveStudy, experiment: number, place: Place): Promise<PageContent> {
  const record = study.history.experiments[experiment];
  if (!record) {
    const list = linkTo(place, { view: 'experiments' });
    const content = markup`<h1 class="small">There is no experiment ${experiment}</h1><p>See <a href="${list}">those that there are</a>.</p>`;
    return { subject: 'no such experiment', content, isFound: false };
  }
  const view = experimentView(study, record, await readExperimentFiles(study, record));
  return { subject: `experiment ${experiment}`, content: experimentPage(place, view), isFound: true };
}

async function showStudies(
  studies: LiveStudies,
  wanted: readonly string[],
  place: Place,
  now: string,
): Promise<Markup> {
  const tags = studies.tags();
  const read = await Promise.all(tags.map((tag) => studies.read(tag)));
  const all = read.filter((study) => study !== undefined);
  const compared = all.filter(({ tag }) => wanted.includes(tag));
  const pairs = compared.flatMap((study) =>
    compared.filter((other) => other !== study).map((other) => ({ study, other })),
  );
  const view: StudiesView = {
    // A copied or renamed folder is named as it is.
    rows: all.map((study) => ({ ...studyRow(study, now, study.isLive, study.roomAwaited), tag: study.tag })),
    unreadable: tags.filter((tag) => !all.some((study) => study.tag === tag)),
    compared: compared.map(({ tag }) => tag),
    progress: compared.filter((study) => isComparable(study, compared[0])).map(progressOfStudy),
    untried: pairs.map(({ study, other }) => ({
      study: study.tag,
      other: other.tag,
      keeps: untriedKeeps(study.history, other.history),
    })),
  };
  return studiesPage(place, view);
}

function isComparable({ history }: LiveStudy, first: LiveStudy | undefined): boolean {
  const [own, wanted] = [history.frozen.metric, first?.history.frozen.metric];
  return own.name === wanted?.name && own.goal === wanted.goal;
}

function progressOfStudy({ tag, history, views }: LiveStudy) {
  return { ...progressOf(history, undefined, views.decimals()), tag };
}

/** Pages that change while nothing is journalled, as long as a run is in flight. */
export const tickingViews: readonly ViewName[] = ['now', 'experiment'];
