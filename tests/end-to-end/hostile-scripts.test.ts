import { expect, test } from 'vitest';
import { inBrief, replaceInBrief } from '../helpers/bad-input.ts';
import { withCages } from '../helpers/cages.ts';
import { entriesOf, journalOf, nocturne, processesOf, project } from '../helpers/nocturne.ts';
import type { TemporaryRepo } from '../helpers/temporary-repo.ts';

withCages();

/** What the journal says of a behaviour: how its run ended, and why it has no score. */
type Ends = Readonly<Record<string, readonly [outcome: string, reason: RegExp | '']>>;

const quickly: Ends = {
  crashes: ['crashed', /^exit code 1: RuntimeError: the loss exploded$/],
  prints_nan: ['finished', /^loss is not a finite number: "nan"$/],
  prints_nothing_behind_the_colon: ['finished', /^loss is not a finite number: ""$/],
  prints_two_scores: ['finished', /^loss is printed 2 times in one block$/],
  silent: ['finished', /^the log ends without loss$/],
  leaves_daemons: ['finished', ''],
  changes_fixed_file: ['crashed', /^void: it changed .*fixed\.txt$/],
  kills_supervisor: ['lost', /^its supervisor ended with SIGKILL$/],
  forges_result: ['lost', /^its supervisor ended with SIGKILL$/],
};

test('a script that misbehaves is journalled with its reason, and the study goes on', async () => {
  const repo = hostileProject(quickly);
  inBrief('isolation: none')(repo);
  repo.commit();
  expect(await journalledEnds(repo, quickly)).toEqual(expected(quickly));
});

const caged: Ends = {
  kills_supervisor: ['crashed', /Operation not permitted/],
  forges_result: ['crashed', /(?:Read-only file system|Permission denied|No such file)/],
  leaves_daemons: ['finished', ''],
};

test('in a cage a script reaches neither its supervisor nor the result', async () => {
  const repo = hostileProject(caged);
  expect(await journalledEnds(repo, caged)).toEqual(expected(caged));
});

const slowly: Ends = {
  hangs: ['timed-out', /^ended at its time limit after \d+\.\d s$/],
  ignores_signals: ['timed-out', /^ended at its time limit after \d+\.\d s$/],
};

test('a script that never ends is ended at its limit', async () => {
  const repo = hostileProject(slowly);
  replaceInBrief('budget: 10s\ntimeout: 11s', 'budget: 1s\ntimeout: 2s')(repo);
  repo.commit();
  expect(await journalledEnds(repo, slowly)).toEqual(expected(slowly));
});

const loudly: Ends = { floods: ['finished', ''], silent: ['finished', /^the log ends without loss$/] };

test.each(['wall', 'cpu'])('two gigabytes of output and none at all end the same on the %s clock', async (clock) => {
  const repo = hostileProject(loudly);
  replaceInBrief('budget: 10s\ntimeout: 11s', 'budget: 60s\ntimeout: 90s')(repo);
  inBrief(`budget_clock: ${clock}`)(repo);
  repo.commit();
  expect(await journalledEnds(repo, loudly)).toEqual(expected(loudly));
});

function hostileProject(ends: Ends): TemporaryRepo {
  const repo = project('hostile');
  replaceInBrief('choice fine', `choice fine, ${Object.keys(ends).join(', ')}`)(repo);
  repo.commit();
  return repo;
}

/** Runs the whole grid; gives each behaviour's last run, once no process of the project is left. */
async function journalledEnds(repo: TemporaryRepo, ends: Ends): Promise<object> {
  const said = await nocturne(repo.root, ['run', '--tag', 'hostile']);
  expect(processesOf(repo.root)).toEqual([]);
  expect(said.exitCode, said.stderr).toBe(0);
  const journal = journalOf(repo.root, 'hostile');
  expect(entriesOf(journal, 'study-stopped').at(-1)).toMatchObject({ reason: 'exhausted' });
  expect(entriesOf(journal, 'verdict-given')).toHaveLength(1 + Object.keys(ends).length);
  const found = entriesOf(journal, 'proposal-made').map(({ experiment, proposal }) => {
    const mode = Object.keys(ends).find((name) => proposal.title.endsWith(` ${name}`)) ?? proposal.title;
    const last = entriesOf(journal, 'run-ended').findLast((entry) => entry.experiment === experiment);
    return [mode, [last?.result.outcome, last?.result.reason]];
  });
  return Object.fromEntries(found);
}

function expected(ends: Ends): object {
  const pairs = Object.entries(ends).map(([mode, [outcome, reason]]) => {
    return [mode, [outcome, reason === '' ? '' : expect.stringMatching(reason)]];
  });
  return Object.fromEntries(pairs);
}
