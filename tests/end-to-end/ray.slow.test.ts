/** A whole study on a real Ray cluster: two slots, a controller that is killed, a node that is lost. Ray is downloaded. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRayHttp } from '../../src/adapters/engines/ray/ray-http.ts';
import { entriesOf, journalOf, nocturne, startNocturne } from '../helpers/nocturne.ts';
import { startRay } from '../helpers/ray-cluster.ts';
import { rayPython } from '../helpers/ray-python.ts';
import { emptyRepo } from '../helpers/temporary-repo.ts';

const minutes = 60_000;

test('eight experiments on two slots of Ray outlive a killed controller and a lost node', {
  timeout: 15 * minutes,
}, async () => {
  const python = rayPython();
  const cluster = await startRay(python, 1);
  onTestFinished(() => cluster.stop(), 60_000);
  const node = await cluster.addNode({}, 1);
  const repo = emptyRepo();
  const made = ['data', 'private', 'run', '__pycache__'];
  cpSync(resolve('sandbox/tiny'), repo.root, {
    recursive: true,
    filter: (path) => !made.some((name) => path.endsWith(`/${name}`)),
  });
  // A limit by the wall, far off: the machine may be busy.
  repo.write('program.md', repo.read('program.md').replace('budget: 8s', 'budget: 1s\ntimeout: 5m'));
  // While `shut` is in this folder, a run waits before it trains, so that the lost node has a run on it.
  const gate = mkdtempSync(join(tmpdir(), 'gate-'));
  onTestFinished(() => rmSync(gate, { recursive: true }));
  const shut = join(gate, 'shut');
  // Only where it trains: a scorer imports it too, and would wait there as well.
  const start = 'if __name__ == "__main__":\n';
  const [model = '', training] = repo.read('train.py').split(start);
  repo.write('train.py', `${model}${start}${waitingAt(gate)}${training}`);
  repo.commit('start');
  const where = ['--engine', 'ray', '--address', cluster.address, '--python', python, '--slots', '2', '--no-isolation'];
  const args = ['run', '--tag', 'ray', '--researcher', 'random', '--max-experiments', '8', ...where];
  const journalText = () => {
    const journal = join(repo.root, 'runs', 'ray', 'journal.jsonl');
    return existsSync(journal) ? readFileSync(journal, 'utf8') : '';
  };
  const verdicts = () => journalText().split('"event":"verdict-given"').length - 1;
  const jobs = async (): Promise<readonly RayJob[]> =>
    JSON.parse(
      (await createRayHttp(new URL(cluster.address), undefined).ask({ method: 'GET', path: '/api/jobs/' })).text,
    );
  const nodesAtWork = async () => {
    const running = (await jobs()).filter(({ status }) => status === 'RUNNING');
    return new Set(running.map(({ driver_node_id }) => driver_node_id)).size;
  };
  const waiting = { timeout: 12 * minutes, interval: 200 };

  const first = startNocturne(repo.root, args, {}, 15 * minutes);
  await expect.poll(verdicts, waiting).toBeGreaterThanOrEqual(1);
  await expect.poll(nodesAtWork, waiting).toBe(2);
  first.kill('SIGKILL');
  await first.end;

  const second = startNocturne(repo.root, args, {}, 15 * minutes);
  await expect.poll(verdicts, waiting).toBeGreaterThanOrEqual(3);
  writeFileSync(shut, '');
  await expect.poll(() => readdirSync(gate).length, waiting).toBe(1 + 2);
  await node.kill();
  await expect.poll(journalText, waiting).toContain('"outcome":"lost"');
  rmSync(shut);
  const said = await second.end;
  expect(said.exitCode, said.stderr).toBe(0);

  const journal = journalOf(repo.root, 'ray');
  const started = entriesOf(journal, 'run-started');
  const ended = entriesOf(journal, 'run-ended');
  expect(new Set(started.map(({ slot }) => slot))).toEqual(new Set([0, 1]));
  const judged = entriesOf(journal, 'verdict-given').filter(({ verdict }) => verdict.decision !== 'rerun');
  expect(new Set(judged.map(({ experiment }) => experiment)).size).toBeGreaterThanOrEqual(1 + 8);
  expect(ended).toHaveLength(started.length);
  const lost = ended.filter(({ result }) => result.outcome === 'lost');
  expect(lost.map(({ result }) => result.byMachine)).toEqual([true]);
  // No run was started twice, and none but those of the journal and the preparation of the data.
  const ids = (await jobs()).map(({ submission_id }) => submission_id.replace(/-[0-9a-f]{8}$/, ''));
  // Their holdout is graded once each.
  const names = ids.filter((id) => !id.includes('-holdout-'));
  expect(new Set(ids).size).toBe(ids.length);
  const run = ({ experiment, run: count }: (typeof started)[number]) =>
    `nocturne-ray-${String(experiment).padStart(4, '0')}-run-${count}`;
  expect(names.sort()).toEqual(['nocturne-ray-base', ...started.map(run)].sort());
  expect((await nocturne(repo.root, ['check', '--tag', 'ray'])).stdout).toContain('agree with the repository');
});

/** Indented Python that waits while `shut` is in the folder, and leaves a file of its own beside it. */
function waitingAt(folder: string): string {
  return `    import os
    import pathlib
    import time

    gate = pathlib.Path(${JSON.stringify(folder)})
    while (gate / "shut").exists():
        (gate / str(os.getpid())).touch()
        time.sleep(0.05)
`;
}

interface RayJob {
  readonly submission_id: string;
  readonly status: string;
  readonly driver_node_id: string | null;
}
