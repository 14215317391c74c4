/**
 * What a bench consists of: a line for the list, its flags, and a function that measures with them.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SettingsError } from '../src/core/base/errors.ts';
import { parseStrictNumber } from '../src/core/base/strict-number.ts';
import { type BenchReport, machine } from './report.ts';

export interface Bench {
  readonly summary: string;
  /** Measures and returns the text to print. A flag that the bench does not take or cannot read is a SettingsError. */
  readonly run: (args: readonly string[]) => Promise<string>;
}

interface BenchParts<Flags extends z.ZodRawShape> {
  readonly summary: string;
  /** Flag's name -> schema that reads the text after it; a flag that is left out takes the schema's default. */
  readonly flags: Flags;
  readonly measure: (flags: z.output<z.ZodObject<Flags>>) => Promise<BenchReport>;
}

/** Makes a bench. Each also takes `--json`, and prints its own name and the machine's. */
export function defineBench<Flags extends z.ZodRawShape>(name: string, parts: BenchParts<Flags>): Bench {
  const flags = z.object(parts.flags);
  return {
    summary: parts.summary,
    run: async (args) => {
      const { isJson, texts } = readTexts(name, Object.keys(parts.flags), args);
      const read = flags.safeParse(texts);
      if (!read.success) throw new SettingsError(read.error.issues.map(problemText).join('; '));
      const { figures, table } = await parts.measure(read.data);
      return isJson
        ? JSON.stringify({ bench: name, machine: machine(), ...figures })
        : [machine(), ...table].join('\n');
    },
  };
}

/** A flag that is a whole number of at least 1. */
export function countFlag(otherwise: number) {
  return flagOf('a whole number of at least 1', (value) => Number.isInteger(value) && value >= 1).default(otherwise);
}

/** A flag that is a number above 0. */
export function positiveFlag(otherwise: number) {
  return flagOf('a number above 0', (value) => value > 0).default(otherwise);
}

function flagOf(wanted: string, isWanted: (value: number) => boolean) {
  return z.string().transform((text, context) => {
    const value = parseStrictNumber(text)?.value;
    if (value !== undefined && isWanted(value)) return value;
    context.addIssue(`must be ${wanted}, found ${text}`);
    return z.NEVER;
  });
}

/** The texts of the flags. Not strict, because parseArgs would explain a mistyped flag by positional arguments. */
function readTexts(name: string, known: readonly string[], args: readonly string[]) {
  const texts = Object.fromEntries(known.map((each) => [each, { type: 'string' as const }]));
  const options = { ...texts, json: { type: 'boolean' as const } };
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const found: Record<string, string> = {};
  let isJson = false;
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'json') isJson = true;
    else if (token.kind === 'option' && known.includes(token.name)) found[token.name] = textOf(token.name, token.value);
    else throw new SettingsError(`bench ${name} does not take ${args[token.index]}; it takes ${listOf(known)}`);
  }
  return { isJson, texts: found };
}

function textOf(name: string, value: string | undefined): string {
  if (value !== undefined && !value.startsWith('--')) return value;
  throw new SettingsError(`--${name} needs a value after it`);
}

function listOf(known: readonly string[]): string {
  return known.length === 0 ? '--json alone' : `${known.map((name) => `--${name}`).join(', ')} and --json`;
}

function problemText({ path, message }: z.core.$ZodIssue): string {
  return `--${String(path[0])} ${message}`;
}
