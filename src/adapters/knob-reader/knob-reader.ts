/**
 * Reads the knobs of every kind of editable file: each language has a reader of its own, and a file in none has no knobs.
 */
import type { Brief } from '../../core/brief/brief.ts';
import { type DeclaredTexts, declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import type { Knob } from '../../core/space/knob.ts';
import { markSetByTrain } from '../../core/space/set-by-train.ts';
import type { KnobReader, KnobReading } from '../../ports/knob-reader.ts';
import { configKnobs } from '../config-files/config-knobs.ts';
import { isConfigFile, readConfig } from '../config-files/read-config.ts';
import { createKnobReader } from '../python/knob-reader.ts';

export interface KnobReaderOptions {
  /** The Python that parses Python files. */
  readonly interpreter: string;
  readonly brief: Pick<Brief, 'train'> & Partial<Pick<Brief, 'env' | 'knobs'>>;
}

/** A reader of Python, YAML, JSON and TOML; what the brief's `train:` sets on its command line is still. */
export function openKnobReader({ interpreter, brief }: KnobReaderOptions): KnobReader {
  const python = createKnobReader(interpreter, { train: brief.train, env: brief.env ?? [] });
  return {
    read: async (files) => {
      const found: Knob[] = [];
      // Python's files go together: what one of them says may hold a knob of another still.
      const others = Object.entries(files).filter(([file]) => !isConfigFile(file));
      for (const reading of [await python.read(Object.fromEntries(others)), ...configReadings(files)]) {
        if (reading.kind === 'unreadable') return reading;
        found.push(...reading.knobs);
      }
      const inOrder = Object.keys(files).flatMap((file) => found.filter((knob) => knob.file === file));
      return { kind: 'read', knobs: markSetByTrain(asDeclared(inOrder, brief.knobs ?? {}), brief.train) };
    },
  };
}

function configReadings(files: Readonly<Record<string, string>>): readonly KnobReading[] {
  return Object.entries(files)
    .filter(([file]) => isConfigFile(file))
    .map(([file, text]) => {
      const reading = readConfig(file, text);
      if (reading.kind === 'read') return { kind: 'read', knobs: configKnobs(file, text, reading.documents) };
      return { kind: 'unreadable', reason: `${file} line ${reading.line}: ${reading.message}` };
    });
}

/** The values of `knobs.json` that the brief declares have its types and ranges. */
function asDeclared(knobs: readonly Knob[], texts: DeclaredTexts): readonly Knob[] {
  const declared = declaredKnobs(texts);
  return knobs.map((knob): Knob => {
    const own = knob.file === knobsFile ? declared.find(({ name }) => name === knob.name) : undefined;
    if (own === undefined) return knob;
    const type = own.type === 'float' && knob.type === 'int' ? 'float' : knob.type;
    return { ...knob, form: 'declared', type, ...(own.range !== undefined && { annotation: own.range }) };
  });
}
