/**
 * Reads knobs with Python's own parser, in a process that executes nothing of the source.
 */
import { z } from 'zod';
import { operators } from '../../core/space/constraint/expression.ts';
import { type Expression, knobForms } from '../../core/space/knob.ts';
import type { KnobReader } from '../../ports/knob-reader.ts';
import { notebookKnobs, ownName, pythonSources } from '../notebooks/notebook-sources.ts';
import { askSources } from './source-process.ts';

const expression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.number(),
    z.object({ knob: z.string(), file: z.string() }),
    z.object({ operator: z.enum(operators), of: z.array(expression) }),
  ]),
);
const knobValue = z.union([z.number(), z.boolean(), z.string(), z.array(z.number())]);
const replySchema = z.union([
  z.object({
    knobs: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        type: z.enum(['int', 'float', 'bool', 'string', 'tuple']),
        value: knobValue,
        text: z.string(),
        span: z.tuple([z.number(), z.number()]),
        annotation: z.string().exactOptional(),
        form: z.enum(knobForms).exactOptional(),
        of: z.string().exactOptional(),
        choices: z.array(knobValue).exactOptional(),
        bounds: z.tuple([z.number().nullable(), z.number().nullable()]).exactOptional(),
        still: z.string().exactOptional(),
      }),
    ),
    constraints: z.array(
      z.object({ file: z.string(), line: z.number(), text: z.string(), holds: expression, isSure: z.boolean() }),
    ),
  }),
  z.object({ error: z.object({ file: z.string(), line: z.number(), message: z.string() }) }),
]);

/** What the brief sets from outside of the files, so that setting it inside has no effect. */
export interface Surroundings {
  /** The command that trains. */
  readonly train: readonly string[];
  /** Names of the variables that runs get from the owner's shell. */
  readonly env: readonly string[];
}

/** A reader that asks `python/read_knobs.py` in a process of this interpreter; files that are not Python have no knobs. */
export function createKnobReader(
  interpreter: string,
  { train, env }: Surroundings = { train: [], env: [] },
): KnobReader {
  return {
    importsOf: importedFiles,
    read: async (files, beside = {}) => {
      const sources = pythonSources(files);
      if (Object.keys(sources).length === 0) return { kind: 'read', knobs: [] };
      const said = await askSources(interpreter, { knobs: { files: sources, argv: train, env, beside } });
      if (said === undefined) return { kind: 'unreadable', reason: 'the parser gave up on it' };
      const reply = replySchema.parse(JSON.parse(said));
      if ('knobs' in reply) {
        // The lines of a notebook's view are not those of the notebook.
        const constraints = reply.constraints.filter(({ file }) => ownName(file) === file);
        return {
          kind: 'read',
          knobs: notebookKnobs(files, reply.knobs),
          ...(constraints.length > 0 && { constraints }),
        };
      }
      const { file, line, message } = reply.error;
      return { kind: 'unreadable', reason: `${ownName(file)} line ${line}: ${message}` };
    },
  };
}

/** Paths of the modules that Python files import, beside them and from the top. */
function importedFiles(files: Readonly<Record<string, string>>): readonly string[] {
  const found = Object.entries(files).flatMap(([file, text]) => {
    if (!file.endsWith('.py')) return [];
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const modules = [
      ...text.matchAll(/^[ \t]*(?:from[ \t]+\.?([A-Za-z_][\w.]*)[ \t]+import|import[ \t]+([A-Za-z_][\w.]*))/gm),
    ];
    return modules.flatMap(([, from, whole]) => {
      const path = `${(from ?? whole ?? '').replaceAll('.', '/')}.py`;
      return [path, `${folder}${path}`];
    });
  });
  return [...new Set(found)].filter((path) => !Object.hasOwn(files, path));
}
