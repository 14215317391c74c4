/**
 * A knob reader without Python: a knob is a line `NAME = number` or `NAME = "text"`.
 *
 * A text that holds the word `SyntaxError` does not parse, so that a test can have an unreadable source.
 */
import type { Knob } from '../core/space/knob.ts';
import type { KnobReader } from '../ports/knob-reader.ts';

const knobLine = /^([A-Z][A-Z0-9_]*)( *= *)([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|"[\w.-]*")(?=\s*(?:#.*)?$)/gm;

/** Reads the knobs of every file, line by line. */
export function createLineKnobReader(): KnobReader {
  return {
    read: async (files) => {
      const broken = Object.keys(files).find((file) => files[file]?.includes('SyntaxError'));
      if (broken !== undefined) return { kind: 'unreadable', reason: `${broken} line 1: invalid syntax` };
      return { kind: 'read', knobs: Object.entries(files).flatMap(([file, text]) => knobsOf(file, text)) };
    },
  };
}

function knobsOf(file: string, source: string): Knob[] {
  return [...source.matchAll(knobLine)].map((match) => {
    const [, name = '', equals = '', text = ''] = match;
    const start = byteLength(source.slice(0, match.index)) + name.length + equals.length;
    const span = [start, start + text.length] as const;
    if (text.startsWith('"')) return { name, file, type: 'string', value: text.slice(1, -1), text, span };
    const type = /[.eE]/.test(text) ? 'float' : 'int';
    return { name, file, type, value: Number(text), text, span };
  });
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
