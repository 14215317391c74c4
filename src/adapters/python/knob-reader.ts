/**
 * Reads knobs with Python's own parser, in a subprocess that executes nothing of the source.
 */
import { execa } from 'execa';
import { z } from 'zod';
import { knobForms } from '../../core/space/knob.ts';
import type { KnobReader } from '../../ports/knob-reader.ts';
import { notebookKnobs, ownName, pythonSources } from '../notebooks/notebook-sources.ts';
import { packagePath } from '../package-root.ts';

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

/** A reader that runs `python/read_knobs.py` with this interpreter; files that are not Python have no knobs. */
export function createKnobReader(
  interpreter: string,
  { train, env }: Surroundings = { train: [], env: [] },
): KnobReader {
  return {
    read: async (files) => {
      const sources = pythonSources(files);
      if (Object.keys(sources).length === 0) return { kind: 'read', knobs: [] };
      const { stdout } = await execa(interpreter, ['-I', '-S', packagePath('src', 'python', 'read_knobs.py')], {
        input: JSON.stringify({ files: sources, argv: train, env }),
        timeout: 30_000,
        // Ctrl-C and a closed terminal signal our process group: the reader answers all the same.
        detached: true,
      });
      const reply = replySchema.parse(JSON.parse(stdout));
      if ('knobs' in reply) return { kind: 'read', knobs: notebookKnobs(files, reply.knobs) };
      const { file, line, message } = reply.error;
      return { kind: 'unreadable', reason: `${ownName(file)} line ${line}: ${message}` };
    },
  };
}
