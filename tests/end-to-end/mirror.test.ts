/** A study kept in a mirror, and brought back into a clone that has nothing but the project and the mirror. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { entriesOf, journalOf, nocturne, project, startNocturne } from '../helpers/nocturne.ts';
import { templateStudy } from '../helpers/template-study.ts';
import { emptyRepo, openRepo, type TemporaryRepo, temporaryFolder } from '../helpers/temporary-repo.ts';
import { until } from '../helpers/until.ts';

/** A project with a remote that has its start, and a clone of it made later. */
function published(into = '.') {
  const bare = emptyRepo(['--bare']);
  const repo = project('quick', into);
  repo.git('remote', 'add', 'origin', bare.root);
  repo.git('push', '--quiet', 'origin', 'main');
  return { repo, bare };
}

function cloneOf(origin: TemporaryRepo): TemporaryRepo {
  const root = join(temporaryFolder(), 'clone');
  origin.git('clone', '--quiet', '--branch', 'main', origin.root, root);
  return openRepo(root);
}

const targetOf = (kind: 'git' | 'folder', git: string) => (kind === 'git' ? git : join(temporaryFolder(), 'copies'));

const run = (repo: TemporaryRepo, ...more: readonly string[]) =>
  nocturne(repo.root, ['run', '--tag', 'night', '--plain', ...more]);

const refsOf = (repo: TemporaryRepo) =>
  repo.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/autoresearch', 'refs/heads/autoresearch');

const studyOf = (repo: TemporaryRepo) => ({
  refs: refsOf(repo),
  tsv: repo.read('runs/night/results.tsv'),
  decisions: entriesOf(journalOf(repo.root, 'night'), 'verdict-given').map(({ experiment, verdict }) => [
    experiment,
    verdict.decision,
  ]),
});

const copies = mkdtempSync(join(tmpdir(), 'nocturne copies '));
afterAll(() => rmSync(copies, { recursive: true, force: true }));

/** A study of one experiment, which has a mirror. */
const mirrored = templateStudy('--tag', 'night', '--max-experiments', '1', '--mirror', join(copies, 'of the study'));

/** A copy of its mirror. */
function mirrorOf(): string {
  const target = join(temporaryFolder(), 'copies');
  cpSync(join(copies, 'of the study'), target, { recursive: true });
  return target;
}

describe.each(['git', 'folder'] as const)('a study in a mirror that is a %s', (kind) => {
  it('goes on in a fresh clone as it would have here, and can be looked at there', async () => {
    const { repo, bare } = published();
    const target = targetOf(kind, 'origin');
    const first = await run(repo, '--max-experiments', '3', '--mirror', target);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stderr).toMatch(/Mirrored to .* up to experiment 3\./);
    const clone = cloneOf(bare);

    const restored = await run(clone, '--max-experiments', '3', '--restore', target);

    expect(restored.exitCode, restored.stderr).toBe(0);
    expect(restored.stderr).toContain('Study night is back from');
    expect(studyOf(clone)).toEqual(studyOf(repo));
    for (const command of ['log', 'report', 'check']) {
      const said = await nocturne(clone.root, [command, '--tag', 'night']);
      expect(said.exitCode, `${command}: ${said.stderr}`).toBe(0);
    }
    expect(readFileSync(join(clone.root, 'runs/night/0002/patch.diff'), 'utf8')).toBe(
      readFileSync(join(repo.root, 'runs/night/0002/patch.diff'), 'utf8'),
    );

    const [here, there] = [await run(repo, '--max-experiments', '5'), await run(clone, '--max-experiments', '5')];
    expect([here.exitCode, there.exitCode], there.stderr).toEqual([0, 0]);
    expect(studyOf(clone).decisions.map(([experiment]) => experiment)).toEqual(
      studyOf(repo).decisions.map(([experiment]) => experiment),
    );
    const proposals = (where: TemporaryRepo) =>
      entriesOf(journalOf(where.root, 'night'), 'proposal-made').map(({ proposal }) => proposal.title);
    expect(proposals(clone)).toEqual(proposals(repo));
  });

  it('that was killed repeats at most the run in flight', { timeout: 300_000 }, async () => {
    const { repo, bare } = published();
    const target = targetOf(kind, bare.root);
    const running = startNocturne(repo.root, ['run', '--tag', 'night', '--plain', '--mirror', target]);
    const isMirrored = () => experimentsIn(join(repo.root, 'runs', 'night', 'mirror.json')) >= 3;
    await until(isMirrored);
    running.kill('SIGKILL');
    await running.end;
    const clone = cloneOf(bare);

    const said = await run(clone, '--max-experiments', '5', '--restore', target, '--mirror', target);

    expect(said.exitCode, said.stderr).toBe(0);
    const journal = journalOf(clone.root, 'night');
    const runs = entriesOf(journal, 'run-ended').map(({ result }) => result.outcome);
    expect(runs.filter((outcome) => outcome === 'lost').length).toBeLessThanOrEqual(1);
    expect(entriesOf(journal, 'verdict-given').at(-1)?.experiment).toBe(5);
    expect(refsOf(clone)).toContain('refs/autoresearch/night/0005');
    expect((await nocturne(clone.root, ['check'])).exitCode).toBe(0);
  });
});

function experimentsIn(path: string): number {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { experiments: number }).experiments : 0;
}

describe('a mirror that fails', () => {
  it('ends nothing, is said once, and at the end it is said what is not in it', async () => {
    const { repo } = published();
    const said = await run(repo, '--max-experiments', '3', '--mirror', '/nowhere/at/all');
    expect(said.exitCode, said.stderr).toBe(0);
    expect(said.stderr.match(/warning: the mirror does not get everything/g)).toHaveLength(1);
    expect(said.stderr).toContain(
      'Nothing of this session is in the mirror: /nowhere/at/all: the folder is not there.',
    );
    const status = await nocturne(repo.root, ['status']);
    expect(status.stdout).toContain('mirror    nothing of this session is in the mirror: /nowhere/at/all');
  });

  it('that is no remote and no path is an error before anything is written', async () => {
    const { repo } = published();
    const said = await run(repo, '--mirror', 'orgin');
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('found "orgin"');
    expect(existsSync(join(repo.root, 'runs', 'night', 'journal.jsonl'))).toBe(false);
  });

  it('that has another study with this tag keeps that one', async () => {
    const [target, other] = [mirrorOf(), published().repo];
    const before = readFileSync(join(target, 'night', 'journal.jsonl'), 'utf8');
    const said = await run(other, '--max-experiments', '1', '--mirror', target);
    expect(said.exitCode, said.stderr).toBe(0);
    expect(said.stderr).toContain('it holds another study named night');
    expect(readFileSync(join(target, 'night', 'journal.jsonl'), 'utf8')).toBe(before);
  });
});

describe('restoring', () => {
  it('leaves a study alone that is here and further, and says so', async () => {
    const [target, repo] = [mirrorOf(), mirrored()];
    await run(repo, '--max-experiments', '2');
    const before = journalOf(repo.root, 'night').length;
    const said = await run(repo, '--max-experiments', '2', '--restore', target);
    expect(said.stderr).toContain('Study night is here already, and not behind');
    expect(journalOf(repo.root, 'night').length).toBeGreaterThanOrEqual(before);
    expect(said.exitCode, said.stderr).toBe(0);
  });

  it('refuses to put a study over another one with its tag', async () => {
    const [target, other] = [mirrorOf(), published().repo];
    await run(other, '--max-experiments', '1');
    const said = await run(other, '--restore', target);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('they have different journals');
  });

  it('refuses a copy that was damaged, and changes nothing', async () => {
    const [target, clone] = [mirrorOf(), cloneOf(mirrored())];
    const patch = join(target, 'night', '0001', 'patch.diff');
    writeFileSync(patch, `${readFileSync(patch, 'utf8')}+more\n`);
    const said = await run(clone, '--restore', target);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('0001/patch.diff is not what was saved there');
    expect(refsOf(clone)).toBe('');
    expect(existsSync(join(clone.root, 'runs/night/journal.jsonl'))).toBe(false);
  });

  it('says what there is when the study is not there', async () => {
    const { repo } = published();
    const target = join(temporaryFolder(), 'copies');
    mkdirSync(target);
    const said = await run(repo, '--restore', target);
    expect(said.exitCode).toBe(2);
    expect(said.stderr).toContain('no study night: it holds none');
  });
});
