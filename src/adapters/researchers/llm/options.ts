/**
 * What the `llm` researcher is made of.
 */

import type { TokenUsage } from '../../../core/base/model-usage.ts';
import type { History } from '../../../core/journal/history.ts';
import type { Evidence } from '../../../core/llm/experiment-detail.ts';
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

/** A short run of the edited files on the study's engine, journalled by whoever provides it; its answer is text to read. */
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
  readonly readEvidence: (history: History, experiment: number) => Promise<Evidence>;
  readonly fixedFiles: FixedFiles;
  /** Random and secret: what training output is fenced with. One per process keeps the prompt's beginning the same. */
  readonly delimiter: string;
  /** In US dollars; undefined when the price is unknown. */
  readonly costOf: (usage: TokenUsage) => number | undefined;
  readonly smokeRun?: SmokeRun;
  /** Model calls per proposal. */
  readonly mostTurns?: number;
  /** Failed attempts per proposal that the model may mend. */
  readonly mostRepairs?: number;
  readonly maxOutputTokens?: number;
}

export const defaults = { mostTurns: 24, mostRepairs: 2, maxOutputTokens: 16_000 } as const;
