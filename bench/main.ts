/**
 * `npm run bench -- NAME [--json]`: measures the harness itself. Without a name it lists what there is.
 */
import type { BenchReport } from './report.ts';

const benches: Readonly<Record<string, { summary: string; load: () => Promise<() => Promise<BenchReport>> }>> = {
  loop: {
    summary: "the harness's time per experiment, beside a shell loop that does the same by hand",
    load: async () => (await import('./loop.ts')).benchLoop,
  },
  journal: {
    summary: 'seconds and peak memory of `status --json` on long journals (after `npm run build`)',
    load: async () => (await import('./journal.ts')).benchJournal,
  },
  'early-kill': {
    summary: 'training seconds saved and winners killed by ending runs early, on recorded curves (--record: anew)',
    load: async () => (await import('./early-kill/bench-early-kill.ts')).benchEarlyKill,
  },
  judge: {
    summary:
      'the keep policies on simulated studies whose truth is known: gains, fictions, over-report, power (--seed, --replications)',
    load: async () => (await import('./judge.ts')).benchJudge,
  },
  aa: {
    summary:
      'what is kept of 300 proposals that change nothing, on the tiny sandbox [--experiments N] [--budget S] [--folder PATH]',
    load: async () => (await import('./aa.ts')).benchAa,
  },
  bandit: {
    summary:
      'what the bandit of `researcher: auto` gains in made-up nights, beside the best single arm and a uniform choice',
    load: async () => (await import('./bandit.ts')).benchBandit,
  },
  search: {
    summary: 'what a search finds in 100 trials: our researchers beside Optuna asked directly, on four objectives',
    load: async () => (await import('./search.ts')).benchSearch,
  },
  studies: {
    summary: 'whole studies on the tiny sandbox per researcher and seed; their incumbents measured on fresh seeds',
    load: async () => (await import('./studies.ts')).benchStudies,
  },
  retrain: {
    summary: 'whether each kept commit of a finished study retrains to what was reported --project FOLDER [--tag TAG]',
    load: async () => (await import('./retrain.ts')).benchRetrain,
  },
  coverage: {
    summary: 'how often the 95 % interval of `nocturne confirm` covers the true gain [--studies N] [--seed TEXT]',
    load: async () => (await import('./coverage.ts')).benchCoverage,
  },
  agents: {
    summary:
      'coding agents from npm as the researcher, with the test server [--folder PATH to keep them] [--agent NAME]',
    load: async () => (await import('./agents.ts')).benchAgents,
  },
  night: {
    summary:
      'a mirrored study killed five times and restored in fresh clones [--experiments N] [--seconds S] [--target folder]',
    load: async () => (await import('./night.ts')).benchNight,
  },
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  const { figures, table } = await (await bench.load())();
  console.log(flags.includes('--json') ? JSON.stringify(figures) : table.join('\n'));
} else {
  for (const [each, { summary }] of Object.entries(benches)) console.log(`${each.padEnd(10)} ${summary}`);
  if (name !== '') process.exitCode = 2;
}
