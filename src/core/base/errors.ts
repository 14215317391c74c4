/**
 * Errors that the owner can mend, and the assertion for bugs, which only a programmer can.
 *
 * What a training script or a model does is never one of these: it is a journalled result.
 */

interface ResearchErrorOptions {
  /** What to do about it, in one sentence or one command. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The root of everything that the owner can mend: the message says what was expected, what was found and where. */
export class ResearchError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: ResearchErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The brief (`program.md`) says something that cannot be understood or done. */
export class BriefError extends ResearchError {}

/** A flag, an environment variable or the machine is not as a study needs it. */
export class SettingsError extends ResearchError {}

/** A model provider cannot be used as the brief and the environment say: its name, key, address or package. */
export class ProviderError extends ResearchError {}

/** The git repository is not as a study needs it, or another program moved the study's refs. */
export class WorkspaceError extends ResearchError {}

/** The journal is damaged, locked or contradicts what it is asked to record. */
export class ArchiveError extends ResearchError {}

/** A mirror cannot be reached or written, or what it holds is not intact. A mirror that fails ends no study. */
export class MirrorError extends ResearchError {}

/** A study could not go on although it had begun, such as a baseline that fails. */
export class StudyError extends ResearchError {}

/** Throws when a claim that the program relies on is false: a bug, which no code catches. */
export function ok(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new Error(`Bug in nocturne: ${claim}`);
}
