/**
 * The flags of `run` laid over the brief: what is asked for on the command line wins, for this session.
 */
import { InvalidArgumentError } from 'commander';
import type { Brief } from '../core/brief.ts';
import { SettingsError } from '../core/errors.ts';
import { notBuiltValues } from '../core/not-built.ts';
import { defaultTimeoutSeconds } from '../core/parse-brief.ts';
import { readDuration } from '../core/parse-duration.ts';
import { parseStrictNumber } from '../core/strict-number.ts';

/** The flags of `run`, as commander hands them over. */
export interface RunFlags {
  readonly tag?: string;
  readonly from?: string;
  readonly researcher?: string;
  readonly policy?: string;
  readonly budget?: string;
  readonly maxExperiments?: number;
  readonly maxHours?: number;
  readonly target?: number;
  readonly seed?: string;
  readonly engine?: string;
  readonly python?: string;
  readonly isolation: boolean;
  readonly yes?: boolean;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** The brief as this session uses it. */
export function applyFlags(brief: Brief, flags: RunFlags): Brief {
  return {
    ...brief,
    ...budgetFrom(brief, flags.budget),
    researcher: choose('researcher', flags.researcher, ['random', 'grid'], brief.researcher),
    policy: choose('policy', flags.policy, ['greedy'], brief.policy),
    engine: choose('engine', flags.engine, ['local'], brief.engine),
    stop: {
      ...brief.stop,
      ...(flags.maxExperiments === undefined ? {} : { experiments: flags.maxExperiments }),
      ...(flags.maxHours === undefined ? {} : { hours: flags.maxHours }),
      ...(flags.target === undefined ? {} : { target: flags.target }),
    },
  };
}

/** A commander parser: a whole number of at least one. */
export function parseCount(text: string): number {
  const value = parseStrictNumber(text)?.value;
  if (value === undefined || !Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError(`expected a whole number of at least 1, found \`${text}\`.`);
  }
  return value;
}

/** A commander parser: a number above zero. */
export function parsePositive(text: string): number {
  const value = parseStrictNumber(text)?.value;
  if (value === undefined || value <= 0)
    throw new InvalidArgumentError(`expected a number above 0, found \`${text}\`.`);
  return value;
}

/** A commander parser: any finite number. */
export function parseNumber(text: string): number {
  const value = parseStrictNumber(text)?.value;
  if (value === undefined) throw new InvalidArgumentError(`expected a number, found \`${text}\`.`);
  return value;
}

/** A commander parser: a name that git refs and folders can carry. */
export function parseTag(text: string): string {
  if (
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/.test(text) &&
    !text.includes('..') &&
    !text.endsWith('.lock')
  ) {
    return text;
  }
  throw new InvalidArgumentError(
    `expected letters, digits, \`-\`, \`_\` and single dots, at most 64, found \`${text}\`.`,
  );
}

function budgetFrom(brief: Brief, text: string | undefined): Partial<Brief> {
  if (text === undefined) return {};
  const reading = readDuration(text);
  if (reading.kind === 'refused') throw new SettingsError(`--budget must be ${reading.expected}, found \`${text}\`.`);
  const isDefault = brief.timeoutSeconds === defaultTimeoutSeconds(brief.budgetSeconds, brief.budgetClock);
  const timeoutSeconds = defaultTimeoutSeconds(reading.value, brief.budgetClock);
  return { budgetSeconds: reading.value, ...(isDefault ? { timeoutSeconds } : {}) };
}

function choose<Name extends string>(
  key: 'researcher' | 'policy' | 'engine',
  asked: string | undefined,
  built: readonly Name[],
  otherwise: Name,
): Name {
  if (asked === undefined) return otherwise;
  const found = built.find((name) => name === asked);
  if (found) return found;
  const missing = notBuiltValues[key]?.missing.includes(asked);
  const reason = missing ? `${asked} is not built yet in this version` : `there is no ${key} \`${asked}\``;
  throw new SettingsError(`--${key}: ${reason}; expected ${built.join(' or ')}.`);
}
