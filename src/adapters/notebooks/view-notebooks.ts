/**
 * A workspace whose notebooks are read and written as views. In git they stay notebooks, byte for byte but for the cells
 * that an experiment changes and for what runs left in them.
 */
import { createFilesPatch } from '../../core/proposal/file-patch.ts';
import type { Candidate, Workspace } from '../../ports/workspace.ts';
import { isNotebook } from './notebook.ts';
import { viewOf } from './notebook-view.ts';
import { writeView } from './write-view.ts';

type Files = Readonly<Record<string, string>>;

/** The same workspace where no editable file is a notebook. */
export function viewNotebooks(edit: readonly string[], workspace: Workspace): Workspace {
  if (!edit.some(isNotebook)) return workspace;
  const read = async (commit: string) => viewsOf(await workspace.read(commit));
  // Two notebooks with the same cells are the same candidate, whatever a run left in one of them.
  const named = async (candidate: Candidate, files: Files): Promise<Candidate> => ({
    ...candidate,
    content: await workspace.identify(viewsOf(files)),
  });
  const written = async (parent: string, files: Files): Promise<Files> => {
    const before = await workspace.read(parent);
    return mapFiles(files, (path, text) => (isNotebook(path) ? writeView(path, before[path] ?? '', text) : text));
  };
  return {
    ...workspace,
    read,
    identify: (files) => workspace.identify(viewsOf(files)),
    commitCandidate: async (request) => {
      const files = await written(request.parent, request.files);
      return named(await workspace.commitCandidate({ ...request, files }), request.files);
    },
    commitContender: async (request) => {
      const files = await written(request.parent, request.files);
      return named(await workspace.commitContender({ ...request, files }), request.files);
    },
    adoptStart: async (start) => named(await workspace.adoptStart(start), await read(start)),
    diff: async (from, to) => createFilesPatch(await read(from), await read(to)),
  };
}

function viewsOf(files: Files): Record<string, string> {
  return mapFiles(files, viewOf);
}

function mapFiles(files: Files, change: (path: string, text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(path, text)]));
}
