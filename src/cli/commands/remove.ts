/**
 * `nocturne remove`: deletes a study, with its folder, its refs and its branch.
 */
import type { Command } from 'commander';
import { contentOf } from '../../adapters/files/read-json.ts';
import { SettingsError } from '../../core/base/errors.ts';
import { countText } from '../../core/base/format.ts';
import { parseTag } from '../session/parse-tag.ts';
import { findRemains, type Remains, removeStudy } from '../session/remove-study.ts';
import { readMirrorState } from '../study-folder/mirror-state.ts';
import { runsFolder } from '../study-folder/studies.ts';
import { ask } from '../terminal/ask.ts';
import { printJson, say } from '../terminal/print.ts';

interface RemoveFlags {
  readonly tag: string;
  readonly brief?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addRemove(program: Command): void {
  program
    .command('remove')
    .summary('delete a study: its folder, its refs and its branch')
    .description(
      'Deletes a study that nothing works on: its folder, its refs and its branch; its mirror stays. Also what git still has of a study whose folder was deleted.',
    )
    .requiredOption('--tag <tag>', 'name of the study', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--yes', 'without asking')
    .option('--json', 'JSON on stdout')
    .action(remove);
}

async function remove(flags: RemoveFlags): Promise<void> {
  const remains = await findRemains(runsFolder(flags.brief), flags.tag);
  if (!flags.yes) await requireYes(remains);
  const { folder } = remains;
  const mirror = folder === undefined ? undefined : contentOf(await readMirrorState(folder))?.mirror;
  const refs = await removeStudy(remains);
  if (flags.json) return printJson({ tag: flags.tag, folder: folder ?? null, refs });
  say(`Deleted ${whatIn(remains, countText(refs, 'ref'))}.`);
  if (mirror) say(`Its mirror ${mirror} is as it was.`);
}

async function requireYes(remains: Remains): Promise<void> {
  const answer = await ask(`Delete ${whatIn(remains, 'its refs and its branch')}? This cannot be undone. [y/N] `);
  if (answer !== undefined && /^y(es)?$/i.test(answer)) return;
  throw new SettingsError(
    `Study ${remains.tag} was not deleted: ${answer === undefined ? 'there was no yes' : 'the answer was no'}.`,
    {
      hint: 'Say --yes to delete it without being asked.',
    },
  );
}

/** Such as `study nov23: runs/nov23 and 14 refs in git`. */
function whatIn({ tag, folder, names }: Remains, refs: string): string {
  const parts = [...(folder === undefined ? [] : [folder]), ...(names.length === 0 ? [] : [`${refs} in git`])];
  return `study ${tag}: ${parts.join(' and ')}`;
}
