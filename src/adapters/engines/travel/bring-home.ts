/**
 * Brings what a job on another machine left into its folder here, as if it had run here; its result comes last.
 */
import { execa } from 'execa';
import { packagePath } from '../../package-root.ts';
import type { WayHome } from './parcel.ts';

/**
 * Unpacks the archive that `away_job.py home` wrote; false where it is not whole, and nothing counts as ended then. Writes only to the
 * places of the way, follows no link, and trusts nothing in it.
 */
export async function bringHome(file: string, way: WayHome, python: string): Promise<boolean> {
  const script = packagePath('src', 'python', 'bring_home.py');
  const { failed } = await execa(python, ['-I', '-S', script, file], { input: JSON.stringify(way), reject: false });
  return !failed;
}
