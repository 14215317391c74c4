/**
 * Bugs of order and of redoing, planted one at a time: each would go unnoticed in a night without a crash. The sweep must notice
 * every one, or it proves nothing.
 */

export interface OrderingBug {
  readonly name: string;
  /** Texts of the source and what takes their place; each stands there once. */
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  /** Calls at which a kill may show it. */
  readonly at: RegExp;
}

const journal = /^handle\./;
const git = /git|object-/;

export const orderingBugs: readonly OrderingBug[] = [
  {
    name: 'a verdict is journalled before the commit that it names is made',
    changes: [
      {
        file: 'src/adapters/git/workspace.ts',
        from: 'await writeLoose(await objectsFolder(), options.indexFolder, [commit]);\n      return commit.id;',
        to: 'owed = async () => writeLoose(await objectsFolder(), options.indexFolder, [commit]);\n      return commit.id;',
      },
      {
        file: 'src/adapters/git/workspace.ts',
        from: '    moveBranch: refs.move,',
        to: '    moveBranch: async (from, to) => {\n      await owed?.();\n      await refs.move(from, to);\n    },',
      },
      {
        file: 'src/adapters/git/workspace.ts',
        from: '  const identity = once(',
        to: '  let owed: (() => Promise<void>) | undefined;\n  const identity = once(',
      },
    ],
    at: /handle\.|object-|update-ref/,
  },
  {
    name: 'the branch moves before the verdict is journalled',
    changes: [
      {
        file: 'src/loop/give-verdict.ts',
        from: "  await record({ event: 'verdict-given',",
        to: "  if (kept !== undefined && experiment > 0) await lab.workspace.moveBranch(history.tip, kept);\n  await record({ event: 'verdict-given',",
      },
    ],
    at: journal,
  },
  {
    name: 'the journal says that the branch moved before it does',
    changes: [
      {
        file: 'src/loop/research.ts',
        from: '  await study.lab.workspace.moveBranch(history.branch, kept);\n',
        to: '  const from = history.branch;\n',
      },
      {
        file: 'src/loop/research.ts',
        from: "  await study.record({ event: 'branch-moved', experiment, commit: kept });\n",
        to: "  await study.record({ event: 'branch-moved', experiment, commit: kept });\n  await study.lab.workspace.moveBranch(from, kept);\n",
      },
    ],
    at: /update-ref/,
  },
  {
    name: 'a run that was started is laid and started anew',
    changes: [
      {
        file: 'src/adapters/run-folders/file-run-folders.ts',
        from: '        return known;\n      }\n      await changes.beforeRun();\n',
        to: '      }\n      await changes.beforeRun();\n',
      },
    ],
    at: /supervisor\.py|^handle\./,
  },
  {
    name: "a run's trees are removed before its end is journalled",
    changes: [
      {
        file: 'src/loop/run.ts',
        from: '  const contention = contentionOf(study.history(), experiment, result);\n',
        to: '  const contention = contentionOf(study.history(), experiment, result);\n  if (experiment > 1) await study.lab.runFolders.discard(experiment);\n',
      },
    ],
    at: /^(?:handle|rm .*0002)/,
  },
  {
    name: 'a keep is dated by the clock, so that making it again makes another',
    changes: [
      {
        file: 'src/loop/give-verdict.ts',
        from: 'date: record.runs.at(-1)?.endedAt ?? record.proposedAt,',
        to: 'date: new Date(Date.now() + 1000 * process.pid).toISOString(),',
      },
    ],
    at: journal,
  },
  {
    name: 'a torn line stays in the journal when it is opened',
    changes: [
      {
        file: 'src/adapters/archive/file-archive.ts',
        from: '  await handle.truncate(goodBytes);\n',
        to: '',
      },
    ],
    at: /handle\.write, half written/,
  },
  {
    name: 'the objects of a candidate are named before they are whole',
    changes: [
      {
        file: 'src/adapters/git/loose-objects.ts',
        from: '    if (existsSync(path)) continue;\n',
        to: '    if (existsSync(path)) continue;\n    await mkdir(dirname(path), { recursive: true });\n    await writeFile(path, await looseBytes(object));\n    continue;\n',
      },
    ],
    at: git,
  },
];
