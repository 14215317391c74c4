/** Cheats of the list by their names, handed in to one study of the program that the tests test. */
import { packagePath } from '../../src/adapters/package-root.ts';
import { interpreter } from '../helpers/interpreter.ts';
import { nocturneCommand } from '../helpers/program.ts';
import { allCheats } from './all.ts';
import type { Cheat, Isolation, Sandbox } from './cheat.ts';
import { type Judged, judgeCheats, prepareTemplate } from './study.ts';
import { surprisesIn } from './surprises.ts';

interface Listed {
  readonly sandbox: Sandbox;
  readonly isolation: Isolation;
  readonly python?: string;
}

/** What became of them, in this order, and where that is not what must become of them. */
export async function judgeListed(
  { sandbox, isolation, python = interpreter }: Listed,
  names: readonly string[],
): Promise<Judged & { readonly surprises: readonly string[] }> {
  const cheats = names.map((name) => cheatOf(sandbox, name));
  const sandboxes = packagePath('sandbox');
  const template = await prepareTemplate({ sandbox, isolation, python, command: nocturneCommand, sandboxes });
  try {
    const judged = await judgeCheats(template, cheats);
    return { ...judged, surprises: surprisesIn(judged, cheats) };
  } finally {
    template.remove();
  }
}

function cheatOf(sandbox: Sandbox, name: string): Cheat {
  const found = allCheats.find((cheat) => cheat.name === name && cheat.sandbox === sandbox);
  if (!found) throw new Error(`there is no cheat ${name} in ${sandbox}`);
  return found;
}
