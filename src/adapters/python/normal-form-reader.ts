/**
 * The normal form of a whole source, made of its files' forms. The latest are remembered, because the form of a
 * proposal is needed when it is checked for repetition and again when it is committed.
 */
import { createHash } from 'node:crypto';
import type { InspectSource, NormalForm } from '../../core/proposal/trivial-change.ts';

type Files = Readonly<Record<string, string>>;

/** Sources whose normal forms are remembered. */
const maxRemembered = 4;

/** A reader of normal forms; a source that does not parse has none, and its run will fail. */
export function createNormalFormReader(inspect: InspectSource): (files: Files) => Promise<NormalForm | undefined> {
  const remembered = new Map<string, Promise<NormalForm | undefined>>();
  return (files) => {
    const key = digest(Object.entries(files).sort());
    const form = remembered.get(key) ?? formOf(inspect, files);
    remembered.delete(key);
    remembered.set(key, form);
    for (const oldest of remembered.keys()) if (remembered.size > maxRemembered) remembered.delete(oldest);
    return form;
  };
}

async function formOf(inspect: InspectSource, files: Files): Promise<NormalForm | undefined> {
  const inspection = await inspect(files);
  if (inspection.kind === 'broken') return undefined;
  const forms = Object.entries(inspection.forms).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    exact: digest(forms.map(([file, { exact }]) => [file, exact])),
    seedless: digest(forms.map(([file, { seedless }]) => [file, seedless])),
  };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
