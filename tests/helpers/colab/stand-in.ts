/** The stand-in for Colab in a test, and the real CLI led to it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ColabService, startColabService } from './service.ts';

const python = process.env.NOCTURNE_TEST_COLAB ?? '';

/** Why these tests cannot run here; undefined where they can. */
export const whyNoColab =
  python !== '' && existsSync(join(dirname(python), 'colab'))
    ? undefined
    : 'NOCTURNE_TEST_COLAB must name a python 3.12 that has google-colab-cli, jupyter-server and ipykernel';

/** The CLI. */
export const colabCommand = join(dirname(python), 'colab');

type StandIn = ColabService & { readonly environment: Record<string, string> };

/** A service that ends with the test, and what leads the CLI to it. */
export async function standIn(): Promise<StandIn> {
  // Not a folder of the tests, whose names have spaces: the service's are as plain as Colab's.
  const folder = mkdtempSync(join(tmpdir(), 'nocturne-colab-'));
  const service = await startColabService(python, folder);
  onTestFinished(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { ...service, environment: { PATH: process.env.PATH ?? '', ...service.env } };
}
