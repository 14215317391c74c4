/**
 * Reads the knobs of every kind of editable file: each language has a reader of its own, and a file in none has no knobs.
 */
import type { Brief } from '../../core/brief/brief.ts';
import { type DeclaredTexts, declaredKnobs, knobsFile } from '../../core/space/declared/declared-knob.ts';
import type { Knob } from '../../core/space/knob.ts';
import { markSetByTrain } from '../../core/space/set-by-train.ts';
import type { KnobReader, KnobReading } from '../../ports/knob-reader.ts';
import { configKnobs } from '../config-files/config-knobs.ts';
import type { ConfigNode } from '../config-files/config-tree.ts';
import { unchosenFiles } from '../config-files/hydra-defaults.ts';
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
    ...(python.importsOf && { importsOf: python.importsOf }),
    read: async (files, beside) => {
      const configs = readConfigKnobs(files, brief.train);
      if (configs.kind === 'unreadable') return configs;
      // Python's files go together: what one of them says may hold a knob of another still.
      const others = Object.entries(files).filter(([file]) => !isConfigFile(file));
      const reading = await python.read(Object.fromEntries(others), beside);
      if (reading.kind === 'unreadable') return reading;
      const found = [...reading.knobs, ...asDeclared(configs.knobs, brief.knobs ?? {})];
      const inOrder = Object.keys(files).flatMap((file) => found.filter((knob) => knob.file === file));
      const { constraints } = reading;
      return { kind: 'read', knobs: markSetByTrain(inOrder, brief.train), ...(constraints && { constraints }) };
    },
  };
}

function readConfigKnobs(files: Readonly<Record<string, string>>, train: readonly string[]): KnobReading {
  const documents: Record<string, readonly ConfigNode[]> = {};
  for (const [file, text] of Object.entries(files)) {
    if (!isConfigFile(file)) continue;
    const reading = readConfig(file, text);
    if (reading.kind === 'broken') {
      return { kind: 'unreadable', reason: `${file} line ${reading.line}: ${reading.message}` };
    }
    documents[file] = reading.documents;
  }
  const unchosen = unchosenFiles(documents, train);
  const knobs = Object.entries(documents).flatMap(([file, own]) => {
    const still = unchosen[file];
    const found = configKnobs(file, files[file] ?? '', own);
    return still === undefined ? found : found.map((knob) => ({ ...knob, still }));
  });
  return { kind: 'read', knobs };
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
