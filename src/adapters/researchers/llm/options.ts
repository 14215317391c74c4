/**
 * What the `llm` researcher is made of.
 */

import type { TokenUsage } from '../../../core/base/model-usage.ts';
import type { History } from '../../../core/journal/history.ts';
import type { ExperimentTexts } from '../../../core/llm/experiment-detail.ts';
import type { RenderPrompt } from '../../../core/llm/prompt-values.ts';
import type { InspectSource } from '../../../core/proposal/trivial-change.ts';
import type { KnobReader } from '../../../ports/knob-reader.ts';
import type { Model } from '../../../ports/model.ts';
import type { ProposalRequest } from '../../../ports/researcher.ts';

/** The sandbox files that no experiment may change, as of where the study started. */
export interface FixedFiles {
  /** Paths relative to the sandbox. */
  readonly list: (history: History) => Promise<readonly string[]>;
  /** Undefined for a path that is not on the list. */
  readonly read: (history: History, path: string) => Promise<string | undefined>;
}

/** A short run of the edited files on the study's engine; it is journalled, and the result is text for the model. */
export type SmokeRun = (
  request: ProposalRequest,
  files: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<string>;

export interface LlmOptions {
  readonly model: Model;
  readonly render: RenderPrompt;
  readonly inspect: InspectSource;
  readonly knobReader: KnobReader;
  readonly readTexts: (history: History, experiment: number) => Promise<ExperimentTexts>;
  readonly fixedFiles: FixedFiles;
  /** The secrets in a text, which the model was shown as marks. */
  readonly secretsIn?: (text: string) => readonly string[];
  /** Random and secret text that fences training output; one per process, so that providers can cache the prompt. */
  readonly delimiter: string;
  /** In US dollars; undefined when the price is unknown. */
  readonly costOf: (usage: TokenUsage) => number | undefined;
  readonly smokeRun?: SmokeRun;
  /** Model calls per proposal. */
  readonly maxTurns?: number;
  /** Failed attempts per proposal that the model may mend. */
  readonly maxRepairs?: number;
  readonly maxOutputTokens?: number;
}

export const defaults = { maxTurns: 24, maxRepairs: 2, maxOutputTokens: 16_000 } as const;
