/**
 * Compiles edited files and makes their normal forms with Python's own parser, in a subprocess that executes none of it.
 */
import { execa } from 'execa';
import { z } from 'zod';
import type { InspectSource } from '../../core/proposal/trivial-change.ts';
import { packagePath } from '../package-root.ts';

const replySchema = z.union([
  z.object({ forms: z.record(z.string(), z.object({ exact: z.string(), seedless: z.string() })) }),
  z.object({ error: z.object({ file: z.string(), line: z.number(), message: z.string() }) }),
]);

/** An inspector that runs `python/normalise_source.py` with this interpreter. */
export function createSourceInspector(interpreter: string): InspectSource {
  return async (files) => {
    const run = await execa(interpreter, ['-I', '-S', packagePath('src', 'python', 'normalise_source.py')], {
      input: JSON.stringify(files),
      timeout: 30_000,
      reject: false,
      // Ctrl-C and a closed terminal signal our process group, which must not make the source look broken.
      detached: true,
    });
    const [file = ''] = Object.keys(files);
    // Source that breaks the parser itself, by its depth or its size, breaks the training too.
    if (run.failed) return { kind: 'broken', file, line: 0, message: 'the parser gave up on it' };
    const reply = replySchema.parse(JSON.parse(run.stdout));
    return 'forms' in reply ? { kind: 'read', forms: reply.forms } : { kind: 'broken', ...reply.error };
  };
}
