/**
 * `nocturne rename`: gives a study another name, in its folder, its journal and git.
 */
import type { Command } from 'commander';
import { contentOf } from '../../adapters/files/read-json.ts';
import { parseNewName, parseTag } from '../session/parse-tag.ts';
import { renameStudy } from '../session/rename-study.ts';
import { writeReport } from '../session/write-report.ts';
import { readMirrorState } from '../study-folder/mirror-state.ts';
import { findStudy } from '../study-folder/studies.ts';
import { printJson, say } from '../terminal/print.ts';

interface RenameFlags {
  readonly tag?: string;
  readonly brief?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addRename(program: Command): void {
  program
    .command('rename')
    .summary('give a study another name')
    .description(
      'Renames a study that nothing works on: its folder, its refs and its branch. Also after its folder was renamed by hand.',
    )
    .argument('<name>', 'the new name', parseNewName)
    .option('--tag <tag>', 'name of the study (default: the one worked on last)', parseTag)
    .option('--brief <path>', 'program.md, or the folder that has one')
    .option('--json', 'JSON on stdout')
    .action(rename);
}

async function rename(name: string, flags: RenameFlags): Promise<void> {
  const study = findStudy(flags.brief, flags.tag);
  const mirror = contentOf(await readMirrorState(study.folder))?.mirror;
  const before = study.history.tag;
  await renameStudy(study, name);
  // Its head names the study.
  await writeReport(findStudy(flags.brief, name), false);
  if (flags.json) return printJson({ from: before, to: name });
  say(`Study ${before} is study ${name} now: its folder, its refs and the branch autoresearch/${name}.`);
  if (mirror)
    say(`Its mirror ${mirror} keeps the copy named ${before}, and gets one named ${name} when the study goes on.`);
}
