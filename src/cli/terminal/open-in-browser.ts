/**
 * Opens a file with the desktop's own opener, or says that there is no browser and where the file is.
 */
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { say } from './print.ts';

/** How long an opener may run before it counts as successful. */
const patienceMilliseconds = 3000;

/** Tries the openers of this platform, one after the other. */
export async function openInBrowser(path: string): Promise<void> {
  for (const [command, ...rest] of openers()) {
    const opened = await runOpener(command, [...rest, path]);
    if (opened) return;
  }
  say(`There is no browser to open here. The report is ${pathToFileURL(path).href}`);
}

function openers(): [string, ...string[]][] {
  if (process.platform === 'darwin') return [['open']];
  const isDesktop = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  const isWsl = Boolean(process.env.WSL_DISTRO_NAME);
  return [
    ...(isWsl ? ([['wslview']] satisfies [string][]) : []),
    ...(isDesktop ? ([['xdg-open']] satisfies [string][]) : []),
  ];
}

/** Whether it opened the file. One that still runs after 3 s has become the browser, and is left running. */
async function runOpener(command: string, args: readonly string[]): Promise<boolean> {
  const opener = execa(command, args, { detached: true, cleanup: false, stdio: 'ignore', reject: false });
  opener.unref();
  const waited = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMilliseconds, undefined));
  const ended = await Promise.race([opener, waited]);
  return ended === undefined || !ended.failed;
}
