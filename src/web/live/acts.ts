/**
 * What the owner may ask of a study from its page; each is what the command of that name does.
 */
import type { Note } from '../../core/journal/history.ts';
import { maxNoteCharacters } from '../../core/journal/note-length.ts';
import { maxSignFlipPairs } from '../../core/statistics/sign-flip.ts';
import type { Status } from '../../core/views/status.ts';
import type { StopRule } from '../../core/views/stop-rules.ts';
import { isWorkedOnIn } from '../../core/views/study-state.ts';
import { type Markup, markup } from '../markup.ts';
import { clockTime } from './clock-time.ts';

export interface ActsView {
  readonly status: Pick<Status, 'state' | 'kept' | 'pausedSince'>;
  /** The stop rules that have an amount. */
  readonly rules: readonly StopRule[];
  readonly notes: readonly Note[];
  readonly isRead: boolean;
}

/** The forms; each is folded, so that nothing is asked for by one wrong click. */
export function actForms({ status, rules, notes, isRead }: ActsView): Markup {
  const isRunning = isWorkedOnIn(status.state);
  const forms = isRunning ? runningForms(status) : [resumeForm(status), confirmForm(status.kept)];
  return markup`<section id="acts"><h2>Ask for something</h2><div class="acts">${noteForm(isRunning, isRead)}${forms}${extendForm(rules)}</div>
<p id="said" role="status" data-own></p>${noteList(notes)}</section>`;
}

function form(act: string, name: string, content: Markup, key?: string): Markup {
  return markup`<details class="card" id="act-${act}"><summary${key === undefined ? undefined : markup` data-key="${key}"`}><span class="what">${name}</span></summary><form data-act="${act}">${content}</form></details>`;
}

function noteForm(isRunning: boolean, isRead: boolean): Markup {
  const when = isRunning ? 'It is read before the next proposal.' : 'It is read when the study goes on.';
  const whom = isRead ? '' : ' Its researcher cannot read; the note is kept in the journal.';
  return form(
    'note',
    'Leave a note',
    markup`<label for="note-text">What the researcher should know. ${when}${whom}</label>
<textarea id="note-text" name="text" rows="3" maxlength="${maxNoteCharacters}" required></textarea><button>Leave the note</button>`,
    'n',
  );
}

function runningForms(status: ActsView['status']): Markup {
  const pause = form(
    'pause',
    'Pause the study',
    markup`<p>Runs in flight go on to their end, and nothing begins until it is resumed. Its hours stand still.</p><button>Pause it</button>`,
  );
  const stop = form(
    'stop',
    'Stop the study',
    markup`<p>It ends after the experiments in hand; <code>nocturne run</code> goes on with it later.</p>
<label><input type="checkbox" name="now" value="yes"> end the runs in flight too; they are repeated when it goes on</label><button class="grave">Stop it</button>`,
  );
  return markup`${status.pausedSince === undefined ? pause : resumeForm(status)}${stop}`;
}

function resumeForm({ pausedSince }: ActsView['status']): Markup | undefined {
  if (pausedSince === undefined) return undefined;
  return form(
    'resume',
    'Resume the study',
    markup`<p>It is paused since ${clockTime(pausedSince)}.</p><button>Resume it</button>`,
  );
}

/** Only rules that a study has can be raised; a mark is set once. */
function extendForm(rules: readonly StopRule[]): Markup | undefined {
  const raised = rules.filter(({ rule }) => rule in extensible);
  if (raised.length === 0) return undefined;
  const options = raised.map(
    ({ rule }) => markup`<option value="${rule}">${extensible[rule as keyof typeof extensible]}</option>`,
  );
  return form(
    'extend',
    'Give it more',
    markup`<p>Its stop rule is raised by so much.</p><label>more <input type="number" name="by" value="10" min="0" step="any" required></label> <label>of <select name="rule">${options}</select></label><button>Give it more</button>`,
  );
}

const extensible = { experiments: 'experiments', hours: 'live hours', usd: 'US dollars for models' } as const;

function confirmForm(kept: number): Markup | undefined {
  if (kept === 0) return undefined;
  return form(
    'confirm',
    'Confirm the gain',
    markup`<p>The baseline and the best run again on fresh seeds, which says how large the gain is and how sure.</p>
<label>runs of each <input type="number" name="runs" value="5" min="2" max="${maxSignFlipPairs}" required></label><button>Confirm it</button>`,
  );
}

/** The notes that have been read, the latest first. */
function noteList(notes: readonly Note[]): Markup | undefined {
  if (notes.length === 0) return undefined;
  const latest = notes.slice(-5).reverse();
  const items = latest.map(({ at, text }) => markup`<li><span class="quiet">${clockTime(at)}</span> ${text}</li>`);
  return markup`<h3>Notes that were read</h3><ul class="plain" id="notes">${items}</ul>`;
}
