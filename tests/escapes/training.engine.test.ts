import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLocalEngine } from '../../src/adapters/engines/local.ts';
import { startCanaryHost } from '../../src/adapters/isolation/canary-host.ts';
import { homeVariables } from '../../src/adapters/isolation/home-variables.ts';
import { tryRung } from '../../src/adapters/isolation/try-rung.ts';
import { packagePath } from '../../src/adapters/package-root.ts';
import type { Job, Stage } from '../../src/ports/engine.ts';
import type { Rung } from '../../src/ports/isolation.ts';
import { enginePython } from '../helpers/engine-python.ts';

const training = `
import os, torch
from torch.utils.data import DataLoader, TensorDataset

def main():
    data = TensorDataset(torch.randn(64, 8), torch.randn(64))
    for sharing in ("file_descriptor", "file_system"):
        torch.multiprocessing.set_sharing_strategy(sharing)
        assert sum(len(x) for x, _ in DataLoader(data, batch_size=16, num_workers=2)) == 64
    model = torch.nn.Linear(8, 1)
    step = torch.compile(lambda x: model(x).square().mean())
    step(torch.randn(4, 8)).backward()
    assert os.environ["TORCHINDUCTOR_CACHE_DIR"].startswith(os.environ["HOME"]) and os.listdir(os.environ["TORCHINDUCTOR_CACHE_DIR"])
    import matplotlib.pyplot as plot
    plot.plot([1, 2])
    plot.savefig(os.path.join(os.environ["NOCTURNE_RUN_DIR"], "curve.png"))
    torch.save(model.state_dict(), os.path.join(os.environ["NOCTURNE_RUN_DIR"], "weights.pt"))

if __name__ == "__main__":
    main()
`;

/** The first rung that works and is as wanted, with the folder of a study on this machine. */
async function rungHere(isWanted: (rung: Rung) => boolean): Promise<{ rung: Rung; folder: string }> {
  const python = enginePython();
  const folder = await mkdtemp(join('/var/tmp', 'nocturne-training-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const host = await startCanaryHost(python, folder);
  onTestFinished(host.end);
  for (const rung of host.rungs.filter(isWanted)) {
    const { failure } = await tryRung(rung, host, python, folder);
    if (failure === undefined) return { rung, folder };
  }
  throw new Error('this machine has no such cage');
}

/** Runs it in a cage without network; the names of what it saved. */
async function runCaged(
  { rung, folder }: { rung: Rung; folder: string },
  words: readonly string[],
  files = {},
): Promise<string[]> {
  const python = enginePython();
  const [work, output, home] = ['work', 'output', 'home'].map((name) => join(folder, name)) as [string, string, string];
  for (const place of [work, output]) await mkdir(place);
  for (const [name, text] of Object.entries<string>(files)) await writeFile(join(work, name), text);
  const variables = { NOCTURNE_RUN_DIR: output, MPLBACKEND: 'Agg', ...homeVariables(home, rung) };
  const env = { PATH: process.env.PATH ?? '', ...variables };
  const cage = { rung, read: [], write: [work, output], home, network: false };
  const stage: Stage = { name: 'train', argv: [python, ...words], folder: work, env, cage };
  const job: Job = { id: 'caged', folder, limitSeconds: 280, stages: [stage] };
  const engine = createLocalEngine({ python });
  await engine.submit(job);
  const state = await engine.poll(job, 280);
  const log = await engine.readLogEnd(job, 'train', 4000);
  expect(state, log).toMatchObject({ kind: 'ended', end: { stages: [{ exitCode: 0 }] } });
  return (await readdir(output)).sort();
}

it('torch loads with workers, compiles and saves, and matplotlib draws, on the highest rung of this machine', async () => {
  const saved = await runCaged(await rungHere(() => true), ['-c', training]);
  expect(saved).toEqual(['curve.png', 'weights.pt']);
});

it('a notebook runs where not even a loopback network is left', async () => {
  const source = "import os; open(os.path.join(os.environ['NOCTURNE_RUN_DIR'], 'ran'), 'w').close()";
  const cell = { cell_type: 'code', id: 'a', source, metadata: {}, outputs: [], execution_count: null };
  const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const rung = await rungHere((each) => each.mounts !== true && each.bubblewrap === undefined);
  const words = [packagePath('src', 'python', 'run_notebook.py'), 'one.ipynb'];
  expect(await runCaged(rung, words, { 'one.ipynb': JSON.stringify(notebook) })).toEqual(['ran']);
});
