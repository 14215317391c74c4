/** The browser of tests and benches. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Starts the system's chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}

function findChromium(): string {
  const named = process.env.NOCTURNE_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = folders.flatMap((folder) => ['chromium', 'chromium-browser'].map((name) => join(folder, name)));
  const found = (named ? [named] : places).find(isProgram);
  if (found) return found;
  throw new Error(
    named
      ? `NOCTURNE_CHROMIUM names ${named}, which cannot be run.`
      : 'There is no chromium on the PATH: install it, or name one with NOCTURNE_CHROMIUM.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
