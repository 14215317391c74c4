/**
 * Forty ways in which a provider fails, by four wires: every study reaches its experiments or says what to set, and while
 * the model is away the GPU is idle for at most 5 % of the time where something else can propose.
 *
 * How the measurement is made stands in `absent-model-night.ts`. A scenario meets each kind of company at least once; the
 * table is printed at the end.
 */
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Company,
  type NightEnd,
  type Provider,
  playNight,
  servedAdapters,
} from '../helpers/absent-model-night.ts';
import type { FaultName } from '../helpers/model-server/give-fault.ts';
import { temporaryFolder } from '../helpers/temporary-repo.ts';

const companies: readonly Company[] = ['fallback', 'auto', 'alone'];
const maxIdle = 0.05;

interface Scenario {
  readonly title: string;
  /**
   * `never`: no call can succeed, so that a study without a stand-in is refused with what to set. `outage`: it passes. `ideas`:
   * ideas fail and the model is there. `requests`: it refuses what it is asked, and only the owner can mend that.
   */
  readonly kind: 'never' | 'outage' | 'ideas' | 'requests';
  readonly provider: Provider;
  readonly hours?: number;
}

const always =
  (fault: FaultName): Provider =>
  () => ({ fault });
const proposals =
  (fault: FaultName): Provider =>
  ({ isSmall }) =>
    isSmall ? undefined : { fault };
/** From the third experiment on, for an hour or as many as are said. */
const outage =
  (fault: FaultName, hours = 1): Provider =>
  ({ at }) =>
    at > 1500 && at < 1500 + hours * 3600 ? { fault } : undefined;

const never = (fault: FaultName): Scenario => ({ title: `${fault}, always`, kind: 'never', provider: always(fault) });
const passing = (fault: FaultName): Scenario => ({
  title: `${fault} for an hour`,
  kind: 'outage',
  provider: outage(fault),
});
/** A silent provider costs five minutes before it is known to be away. */
const silent = (fault: FaultName): Scenario => ({
  title: `${fault} for two hours and a half`,
  kind: 'outage',
  provider: outage(fault, 2.5),
  hours: 3.1,
});

const scenarios: readonly Scenario[] = [
  ...(['unauthorized', 'forbidden', 'not-found', 'quota', 'credit-balance', 'payment-required'] as const).map(never),
  ...(['spend-limit', 'spend-limit-400', 'bad-request', 'unprocessable', 'html', 'html-as-json'] as const).map(never),
  ...(['empty-object', 'json-null', 'redirect-loop'] as const).map(never),
  ...(['overloaded', 'unavailable', 'server-error', 'bad-gateway', 'gateway-timeout', 'request-timeout'] as const).map(
    passing,
  ),
  ...(
    ['conflict', 'rate-limited', 'rate-limited-0', 'rate-limited-3s', 'rate-limited-1h', 'rate-limited-date'] as const
  ).map(passing),
  ...(['rate-limited-huge', 'reset', 'cut-body', 'error-in-200'] as const).map(passing),
  ...(['quota', 'unauthorized', 'spend-limit', 'html'] as const).map(passing),
  ...(['stalled-headers', 'stalled-body'] as const).map(silent),
  {
    title: 'answers small calls and is overloaded at proposals, for two hours',
    kind: 'outage',
    provider: (call) => (call.isSmall ? undefined : outage('overloaded', 2)(call)),
    hours: 2.6,
  },
  {
    title: 'overloaded for two minutes in every ten',
    kind: 'outage',
    provider: ({ at }) => (at % 600 < 120 && at > 1000 ? { fault: 'overloaded' } : undefined),
  },
  { title: 'bad-request at every proposal', kind: 'requests', provider: proposals('bad-request') },
  { title: 'content-policy at every proposal', kind: 'ideas', provider: proposals('content-policy') },
  { title: 'overflow at every proposal', kind: 'ideas', provider: proposals('overflow') },
];

const table: string[] = [];

describe.each(scenarios.map((scenario, index) => ({ ...scenario, index })))('$title', (scenario) => {
  test.each(servedAdapters.map(({ adapter }, wire) => ({ adapter, wire })))('$adapter', async ({ adapter, wire }) => {
    const served = servedAdapters[wire];
    const company = companies[(scenario.index + wire) % companies.length];
    if (served === undefined || company === undefined) throw new Error('no wire');
    const { provider, hours = 1.6 } = scenario;
    const folder = temporaryFolder();
    const end = await playNight({ adapter: served, company, provider, folder, hours, runSeconds: [240, 300] });
    table.push(rowOf(scenario.title, adapter, company, end));
    expect(end.violations).toEqual([]);
    expect(end.outcome, end.said).toBe(expectedOutcome(scenario.kind, company));
    if (end.outcome === 'experiments') expect(end.experiments).toBeGreaterThanOrEqual(5);
    else expect(end.said).toMatch(/Set |Check |Add |Raise |Name |came to nothing|name another/);
    const isMeasured = scenario.kind !== 'ideas' && company !== 'alone' && end.idle !== undefined;
    if (isMeasured) expect(end.idle).toBeLessThanOrEqual(maxIdle);
  });
});

function expectedOutcome(kind: Scenario['kind'], company: Company): NightEnd['outcome'] {
  if (kind === 'outage' || company === 'auto') return 'experiments';
  if (kind === 'never') return company === 'alone' ? 'refused' : 'experiments';
  if (kind === 'requests') return company === 'alone' ? 'stopped' : 'experiments';
  return 'stopped';
}

function rowOf(title: string, adapter: string, company: Company, end: NightEnd): string {
  const { outcome, experiments, byModel, idle, awaySeconds } = end;
  const share = idle === undefined || company === 'alone' ? '' : `${(idle * 100).toFixed(1)} %`;
  const made = outcome === 'experiments' ? `${experiments} experiments, ${byModel} the model's` : outcome;
  return [
    title.padEnd(66),
    adapter.padEnd(17),
    company.padEnd(9),
    made.padEnd(36),
    share.padStart(7),
    `of ${Math.round(awaySeconds)} s`,
  ].join(' ');
}

afterAll(() => void process.stdout.write(`${table.join('\n')}\n`));
