/**
 * `trackers:` of a brief: where the study is sent while it runs, as a list of names or as a table with the place of each.
 */
import { alternativesText } from '../../base/format.ts';
import { type TrackerName, trackerNames } from '../../base/names.ts';
import { nearestName } from '../../base/nearest-name.ts';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';

/** By tracker, its place: the address of a server, a folder or a project, as the tracker takes it; empty for the usual one. */
export type Trackers = Readonly<Partial<Record<TrackerName, string>>>;

const expected = 'trackers such as [tensorboard, csv] or { mlflow: "http://127.0.0.1:5000" }';

/** Reads them. */
export function readTrackers(raw: unknown): ReadResult<Trackers> {
  if (typeof raw !== 'object' || raw === null) return refuse(expected);
  const places = Array.isArray(raw) ? raw.map((name): [unknown, unknown] => [name, null]) : Object.entries(raw);
  const trackers: Partial<Record<TrackerName, string>> = {};
  for (const [asked, place] of places) {
    const name = trackerNames.find((known) => known === asked);
    if (name === undefined) return unknownTracker(asked);
    const reading = readPlace(name, place);
    if (reading.kind === 'refused') return reading;
    trackers[name] = reading.value;
  }
  return read(trackers);
}

function unknownTracker(asked: unknown): ReadResult<never> {
  const nearest = nearestName(String(asked), trackerNames);
  const found = String(asked).includes('://') ? 'an address' : String(asked);
  const hint =
    found === 'an address'
      ? 'It stands behind the name: { mlflow: ADDRESS }.'
      : nearest && `Did you mean \`${nearest}\`?`;
  return refuse(`trackers: ${alternativesText(trackerNames)}`, { found, hint });
}

function readPlace(name: TrackerName, raw: unknown): ReadResult<string> {
  if (raw === null || raw === true) return read('');
  if (name === 'mlflow') return readServer(raw);
  if (typeof raw === 'string' && /^[^\s\p{Cc}][^\p{Cc}]*$/u.test(raw)) return read(raw);
  return refuse(`${name === 'trackio' ? 'the name of a project' : 'a folder'} for \`${name}\``, { found: String(raw) });
}

/** A brief is committed: what is secret of an address stands in the environment. */
function readServer(raw: unknown): ReadResult<string> {
  const server = 'the address of a server for `mlflow`, such as http://127.0.0.1:5000';
  if (typeof raw === 'string' && /^https?:\/\/[^\s@]+$/.test(raw) && URL.canParse(raw)) return read(raw);
  if (!String(raw).includes('@')) return refuse(server, { found: String(raw) });
  const hint = 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.';
  return refuse(`${server}, without a password`, { found: 'one with a password', hint });
}
