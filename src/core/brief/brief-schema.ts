/**
 * The zod guard of a brief's front matter: every setting under the name that a brief gives it.
 *
 * Its messages are the end of "must be …"; `brief-trouble.ts` makes the sentence.
 */
import { z } from 'zod';
import { type ReadResult, read } from '../base/read-result.ts';
import { field } from '../journal/settings/fields.ts';
import { briefNameOf, type Setting, settings } from '../journal/settings/settings.ts';
import { readDeclaredKnob } from '../space/declared/declared-knob.ts';
import { readDeclaration } from '../space/range/declaration.ts';

const fields = Object.entries<Setting>(settings).map(([key, { schema, written = schema }]) => [
  briefNameOf(key),
  written.optional(),
]);

/** Guards the whole front matter. */
export const settingsSchema = z.strictObject({
  ...(Object.fromEntries(fields) as Record<string, z.ZodOptional>),
  metric: settings.metric.written,
  goal: settings.goal.schema.optional(),
  // The table is on the journal's floor, below the one that reads ranges.
  space: z.record(z.string(), field(readRangeText), { error: 'ranges such as { LR: log 1e-4..1e-1 }' }).optional(),
  knobs: z
    .record(z.string(), z.string({ error: 'a start value and a range such as `1.0 in log 0.03..30`' }), {
      error: 'knobs such as { lr: 1.0 in log 0.03..30 }',
    })
    .superRefine(refuseUnreadableKnobs)
    .optional(),
});
/** The settings as read, before their defaults. */
export type WrittenSettings = z.infer<typeof settingsSchema>;

function readRangeText(raw: unknown): ReadResult<string> {
  const reading = readDeclaration(raw);
  return reading.kind === 'read' ? read(String(raw).trim()) : reading;
}

/** Whether a knob can be read depends on its name too. */
function refuseUnreadableKnobs(texts: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  for (const [name, text] of Object.entries(texts)) {
    const reading = readDeclaredKnob(name, text);
    if (reading.kind === 'read') continue;
    const { expected, found, hint } = reading;
    context.addIssue({ code: 'custom', message: expected, path: [name], params: { found, hint } });
  }
}
