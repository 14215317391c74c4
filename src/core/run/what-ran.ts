/**
 * Whether the edited files of a run's own tree were what ran: with an editable install, an absolute path or a program that
 * was compiled before, every experiment would measure the same code and look like no gain.
 */

/** What a Python process of the run imported that bears on the editable files. */
export interface Import {
  /**
   * `own`: an editable file of the run's tree. `elsewhere`: an editable file, or a copy of one, that is not of the tree.
   * `compiled`: an extension module of the owner's checkout, with no editable file named. `other`: a fixed file of the tree that
   * held something else when it was loaded than when the run was laid out.
   */
  readonly kind: 'own' | 'elsewhere' | 'compiled' | 'other';
  /** The editable file, or the fixed one, from the sandbox. */
  readonly file: string;
  /** Absolute path of what was imported. */
  readonly path: string;
}

/** What is known of one stage of a run that ended. */
export interface StageTrace {
  readonly imports: readonly Import[];
  /** The editable files of its tree that a process opened; undefined where that cannot be known. */
  readonly opened: readonly string[] | undefined;
}

export interface WhatRan {
  /** Editable files that no process of the run read, as far as that is known. */
  readonly unread: readonly string[];
  /** Why an edit would change nothing; undefined where the run's own files ran, or nothing is known. */
  readonly refusal: string | undefined;
}

/** What ran, from the traces of all stages of a run. */
export function whatRan(editable: readonly string[], stages: readonly StageTrace[]): WhatRan {
  const opened = openedBy(stages);
  const unread = opened === undefined ? [] : editable.filter((file) => !opened.has(file));
  const other = stages.flatMap(({ imports }) => imports).find(({ kind }) => kind === 'other');
  if (other) return { unread, refusal: `void: it ran another ${other.file} than the study's` };
  const foreign = stages.flatMap(foreignImport)[0];
  if (foreign) return { unread, refusal: importedElsewhere(foreign) };
  const isUnread = editable.length > 0 && unread.length === editable.length;
  return { unread, refusal: isUnread ? neverOpened(editable, stages) : undefined };
}

/** Undefined when one of the stages does not know. */
function openedBy(stages: readonly StageTrace[]): ReadonlySet<string> | undefined {
  const known = stages.flatMap(({ opened }) => (opened === undefined ? [] : [opened]));
  return known.length === 0 || known.length < stages.length ? undefined : new Set(known.flat());
}

/** An editable file that a stage imported from elsewhere, and never from its tree. */
function foreignImport({ imports }: StageTrace): Import[] {
  const own = new Set(imports.filter(({ kind }) => kind === 'own').map(({ file }) => file));
  return imports.filter(({ kind, file }) => kind === 'elsewhere' && !own.has(file)).slice(0, 1);
}

function importedElsewhere({ file, path }: Import): string {
  return `void: it ran ${path}, not ${file} of its own folder, so no edit would change its score; make \`train:\` run what is in its current folder, without an absolute path, \`python -I\` or an installed copy`;
}

function neverOpened(editable: readonly string[], stages: readonly StageTrace[]): string {
  const files = editable.join(', ');
  const them = editable.length === 1 ? files : `any of ${files}`;
  const compiled = stages.flatMap(({ imports }) => imports).find(({ kind }) => kind === 'compiled');
  const built = compiled ? `; it used ${compiled.path}, which was compiled before` : '';
  return `void: no process of it opened ${them} in its own folder, so no edit would change its score${built}; make \`train:\` run, or build, what is in its current folder`;
}
