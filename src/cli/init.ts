/**
 * `nocturne init`: scaffolds a project.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { scaffold } from '../adapters/scaffold.ts';
import { printJson, say } from './print.ts';

/** Adds the command. */
export function addInit(program: Command): void {
  program
    .command('init')
    .summary('scaffold a project: brief, sandbox, .gitignore, git repository')
    .description('Scaffolds a project: brief, sandbox, .gitignore and, where there is none, a git repository.')
    .argument('[dir]', 'folder to make it in', '.')
    .option('--json', 'JSON on stdout')
    .action(async (dir: string, flags: { json?: boolean }) => {
      const folder = resolve(dir);
      const { files, isCommitted } = await scaffold(folder);
      if (flags.json) return printJson({ folder, files, isCommitted });
      say(`Made ${files.length} files in ${folder}${isCommitted ? ' and committed them' : ''}.`);
      const enter = dir === '.' ? '' : `cd ${dir} && `;
      const commit = isCommitted ? '' : 'git add -A . && git commit -m "Start the project" && ';
      say(`Next: read program.md, then \`${enter}${commit}nocturne run\`.`);
    });
}
