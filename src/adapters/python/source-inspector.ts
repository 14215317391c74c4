/**
 * Compiles edited files and makes their normal forms with Python's own parser, in a process that executes none of it.
 */
import { z } from 'zod';
import type { Inspection, InspectSource, NormalForm } from '../../core/proposal/trivial-change.ts';
import { configForm } from '../config-files/config-form.ts';
import { isConfigFile, readConfig } from '../config-files/read-config.ts';
import { isNotebook } from '../notebooks/notebook.ts';
import { comparablePythonOf } from '../notebooks/notebook-python.ts';
import { ownName, pythonSources } from '../notebooks/notebook-sources.ts';
import { askSources } from './source-process.ts';

type Files = Readonly<Record<string, string>>;

const replySchema = z.union([
  z.object({ forms: z.record(z.string(), z.object({ exact: z.string(), seedless: z.string() })) }),
  z.object({ error: z.object({ file: z.string(), line: z.number(), message: z.string() }) }),
]);

/** An inspector that asks `python/normalise_source.py` in a process of this interpreter, and reads configuration files itself. */
export function createSourceInspector(interpreter: string): InspectSource {
  return async (files) => {
    const isConfig = ([file]: readonly [string, string]) => isConfigFile(file);
    const configs = inspectConfigs(Object.entries(files).filter(isConfig));
    if (configs.kind === 'broken') return configs;
    const others = Object.entries(files).filter((each) => !isConfig(each));
    if (others.length === 0) return configs;
    const inspection = await inspectWithPython(interpreter, Object.fromEntries(others));
    if (inspection.kind === 'broken') return inspection;
    return { kind: 'read', forms: { ...inspection.forms, ...configs.forms } };
  };
}

function inspectConfigs(files: readonly (readonly [string, string])[]): Inspection {
  const forms: Record<string, NormalForm> = {};
  for (const [file, text] of files) {
    const reading = readConfig(file, text);
    if (reading.kind === 'broken') return { ...reading, file };
    forms[file] = configForm(reading);
  }
  return { kind: 'read', forms };
}

/** Files in other languages, which are compared as texts. */
function textsAmong(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([file]) => !file.endsWith('.py') && !isNotebook(file)));
}

async function inspectWithPython(interpreter: string, files: Files): Promise<Inspection> {
  const forms = { ...textsAmong(files), ...pythonSources(files, comparablePythonOf) };
  const said = await askSources(interpreter, { forms });
  const [file = ''] = Object.keys(files);
  // Source that breaks the parser itself, by its depth or its size, breaks the training too.
  if (said === undefined) return { kind: 'broken', file, line: 0, message: 'the parser gave up on it' };
  const reply = replySchema.parse(JSON.parse(said));
  if (!('forms' in reply)) return { kind: 'broken', ...reply.error, file: ownName(reply.error.file) };
  const read = Object.entries(reply.forms).map(([name, form]) => [ownName(name), form] as const);
  return { kind: 'read', forms: Object.fromEntries(read) };
}
