/** A project whose training fails with the words that a test wants, beside an nvidia-smi that answers as it wants. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './nocturne.ts';
import { type FakeNvidiaSmi, fakeNvidiaSmi } from './nvidia-smi.ts';
import { type TemporaryRepo, temporaryFolder } from './temporary-repo.ts';

export interface GpuNight {
  readonly repo: TemporaryRepo;
  readonly smi: FakeNvidiaSmi;
  /** What each training prints before it fails, from now on; with none they score. A source with this text in it is spared. */
  readonly sayWhenOver: (words: string, spared?: string) => void;
  /** What the program must have in its environment. */
  readonly variables: Readonly<Record<string, string>>;
}

const ending = `
import pathlib
words, spared = pathlib.Path(os.environ["NOCTURNE_TEST_WORDS"]).read_text().split("\\0")
if words and not (spared and spared in pathlib.Path(__file__).read_text()):
    raise SystemExit(words)
print("---")`;

/** A night with one GPU that is well. */
export function gpuNight(): GpuNight {
  const repo = project('quick');
  repo.write('train.py', repo.read('train.py').replace('\nprint("---")', ending));
  repo.commit('fails as it is told');
  const folder = temporaryFolder();
  const smi = fakeNvidiaSmi(folder);
  const path = join(folder, 'words');
  const sayWhenOver = (words: string, spared = '') => writeFileSync(path, `${words}\0${spared}`);
  sayWhenOver('');
  // The supervisor counts these without a sample, so that no training has to last.
  const variables = { PATH: smi.path, CUDA_VISIBLE_DEVICES: '0', NOCTURNE_TEST_WORDS: path };
  return { repo, smi, sayWhenOver, variables };
}
