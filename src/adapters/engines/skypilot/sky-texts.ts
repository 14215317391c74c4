/**
 * Reads what `sky` 0.14 prints: it has no JSON for what it would rent and for why it rented nothing.
 */
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../../../core/base/parse-json.ts';
import { parseStrictNumber } from '../../../core/base/strict-number.ts';

/** What `sky launch --dryrun` would rent. */
export interface SkyChoice {
  /** Such as `A10:1 on Lambda (us-east-1), gpu_1x_a10`. */
  readonly what: string;
  /** US dollars per hour; undefined where sky knows no price, which it prints as 0.00. */
  readonly usd: number | undefined;
}

/** The row that sky chose, from its table of considered resources; undefined where there is none. */
export function chosenIn(text: string): SkyChoice | undefined {
  const lines = stripVTControlCharacters(text).split('\n');
  const head = lines.find((line) => /\bINFRA\b.*\bCOST \(\$\)/.test(line));
  const row = lines.find((line) => line.includes('✔'));
  if (head === undefined || row === undefined) return undefined;
  const names = cellsOf(head);
  const cells = cellsOf(row);
  const cell = (name: string) => cells[names.indexOf(name)] ?? '-';
  const { value: usd = 0 } = parseStrictNumber(cell('COST ($)')) ?? {};
  const gpus = cell('GPUS') === '-' ? `${cell('vCPUS')} cores` : cell('GPUS');
  return { what: `${gpus} on ${cell('INFRA')}, ${cell('INSTANCE')}`, usd: usd > 0 ? usd : undefined };
}

function cellsOf(line: string): string[] {
  const cells = line.split(/ {2,}/).map((cell) => cell.trim());
  return cells.filter((cell) => cell !== '').map((cell) => (/^vcpus$/i.test(cell) ? 'vCPUS' : cell));
}

/** Why sky did not do what it was asked, in one line: its last words that are no advice. */
export function whyNot(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:Hint:|To fix:|To |\* |→|[├└│]|Catalog for )/.test(line));
  const named = lines.findLast((line) => /^(?:sky\.|[A-Za-z.]*(?:Error|Exception)\b)/.test(line));
  const said = (named ?? lines.at(-1) ?? 'it does not say why').replace(
    /^(?:sky\.[\w.]+|[\w.]*(?:Error|Exception)): /,
    '',
  );
  const next = named === undefined ? undefined : lines[lines.lastIndexOf(named) + 1];
  const whole = said.endsWith(':') && next !== undefined ? `${said} ${next.replace(/^\$ /, '')}` : said;
  return whole.slice(0, 300);
}

/** Why there is no such machine now: what the cloud itself said, where sky passes that on. */
export function whyRefused(text: string): string {
  const said = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim().replace(/^[A-Z] \d\d-\d\d .*?\] /, ''))
    .find((line) => /quota|capacity|insufficient|not available/i.test(line) && !/^(?:Hint:|To )/.test(line));
  return (said ?? whyNot(text)).slice(0, 300);
}

/** Whether there is no such machine to be had now, for want of capacity or of quota: it is worth asking again. */
export function isRefusal(text: string): boolean {
  return /ResourcesUnavailableError|Failed to acquire resources|Failed to provision|capacity|quota/i.test(text);
}

/** What `sky status -o json` says of one cluster, as far as we need it. */
export interface SkyCluster {
  readonly name: string;
  readonly status: string;
  /** Idle minutes after which it is given up; negative where that was not set. */
  readonly autostop: number;
  /** Whether it is then deleted, not only stopped. */
  readonly isDeleted: boolean;
  /** Another one for each cluster that had this name. */
  readonly hash: string;
}

const clusters = z.array(
  z
    .object({
      name: z.string(),
      status: z.string(),
      autostop: z.number(),
      to_down: z.boolean(),
      cluster_hash: z.string(),
    })
    .transform(({ name, status, autostop, to_down: isDeleted, cluster_hash: hash }) => ({
      ...{ name, status, autostop, isDeleted, hash },
    })),
);

/** The clusters in what `sky status -o json` prints; undefined where that is none of it. */
export function clustersIn(text: string): readonly SkyCluster[] | undefined {
  return clusters.safeParse(jsonIn(text)).data;
}

/** A job of a cluster's own queue. */
export interface SkyJob {
  readonly id: number;
  readonly name: string;
  readonly status: string;
}

const queue = z.record(
  z.string(),
  z.array(
    z
      .object({ job_id: z.number().int(), job_name: z.string(), status: z.string() })
      .transform(({ job_id: id, job_name: name, status }) => ({ id, name, status })),
  ),
);

/** The jobs of a cluster in what `sky queue -o json` prints: it exits 0 and prints `{}` also where it could not ask the cluster. */
export function jobsIn(text: string, cluster: string): readonly SkyJob[] | undefined {
  return queue.safeParse(jsonIn(text)).data?.[cluster];
}

const requests = z.array(z.object({ request_id: z.string(), name: z.string() }));

/** The ids of the requests for a launch in what `sky api status -o json` prints. */
export function launchesIn(text: string): readonly string[] | undefined {
  const found = requests.safeParse(jsonIn(text)).data;
  return found?.filter(({ name }) => /launch/.test(name)).map(({ request_id }) => request_id);
}

/** The JSON value behind whatever words sky prints before it on the same stream. */
function jsonIn(text: string): unknown {
  const plain = stripVTControlCharacters(text);
  const starts = plain.split('\n').flatMap((line, index) => (/^[[{]/.test(line) ? [index] : []));
  const lines = plain.split('\n');
  return starts.map((start) => parseJson(lines.slice(start).join('\n'))).find((value) => value !== undefined);
}

/** The number of the job that `sky exec --detach-run` submitted. */
export function submittedIn(text: string): number | undefined {
  const [, id = ''] = /Job submitted, ID: (\d+)/.exec(stripVTControlCharacters(text)) ?? [];
  return parseStrictNumber(id)?.value;
}
