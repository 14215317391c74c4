/**
 * The brief: what to research, what may be changed, how a run is trained and scored, and when to stop.
 *
 * Every field is resolved: units are seconds, defaults are filled in. `parse-brief.ts` makes one out of `program.md`.
 */
import type { Shares } from '../auto/shares.ts';
import type { Metric } from '../base/metric.ts';
import type { ModelPrices } from '../base/model-usage.ts';
import type { BudgetClock, EarlyKillMode, PolicyName } from '../base/names.ts';

/** A command as argv; it is never given to a shell. */
export type Argv = readonly string[];

/** When a study ends by itself. An absent rule never ends it. */
export interface StopRules {
  /** Numbered experiments, the baseline not counted; the study's total over all its sessions. */
  readonly experiments?: number | undefined;
  /** Hours during which the study was live. */
  readonly hours?: number | undefined;
  /** A metric value that is good enough. */
  readonly target?: number | undefined;
  /** Experiments in a row without a keep. */
  readonly plateau?: number | undefined;
  /** US dollars for model calls. */
  readonly usd?: number | undefined;
  /** Tokens of model calls, read and written. */
  readonly tokens?: number | undefined;
  /** Hours of runs, each times the GPUs that it could use. */
  readonly gpu_hours?: number | undefined;
}

export type ResearcherName = SearchResearcherName | 'recipe' | 'auto' | 'llm' | 'command';
/** Researchers that need no model: they can stand in for one. */
const searchResearcherNames = ['random', 'grid', 'bayes'] as const;
export type SearchResearcherName = (typeof searchResearcherNames)[number];

/** Whether this names a researcher that needs no model. */
export function isSearchResearcher(name: string): name is SearchResearcherName {
  return searchResearcherNames.some((each) => each === name);
}
export type EngineName = 'local';

export interface Brief {
  /** What to research, in the owner's words. */
  readonly prose: string;
  /** A karpathy-shaped folder has a `program.md` without front matter beside its `train.py`. */
  readonly form: 'front-matter' | 'karpathy';
  /** The folder researched, relative to the brief, `/`-separated; `.` is the brief's own folder. */
  readonly sandbox: string;
  /** The only files an experiment may change, relative to the sandbox. */
  readonly edit: readonly string[];
  /** Further tracked paths that a run needs, relative to the brief. */
  readonly include: readonly string[];
  /** Ignored paths of the user's tree that runs read, relative to the sandbox. */
  readonly link: readonly string[];
  readonly prepare?: Argv | undefined;
  readonly train: Argv;
  readonly score?: Argv | undefined;
  readonly metric: Metric;
  readonly budgetSeconds: number;
  readonly budgetClock: BudgetClock;
  /** Hard wall limit for everything of one run. */
  readonly timeoutSeconds: number;
  readonly researcher: ResearcherName;
  /** `provider:model`, for the `llm` researcher. */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly api?: 'responses' | 'chat' | undefined;
  /** Who proposes while the model is away: a search researcher, or another `provider:model`. */
  readonly fallback?: string | undefined;
  /** The coding agent of the `command` researcher: a known name, or a command of the owner's. */
  readonly command?: Argv | undefined;
  /** The owner's prices, model name -> US dollars per million tokens; they win over the shipped ones. */
  readonly prices?: ModelPrices | undefined;
  /** How much of a study `auto` gives to a researcher or an arm, in [0, 1]; what is absent is its own to decide. */
  readonly shares?: Shares | undefined;
  readonly policy: PolicyName;
  /** Bounds of secondary metrics, such as `<= 9000` or `<= 1.2x`; a candidate that breaks one is not kept. */
  readonly guards?: Readonly<Record<string, string>> | undefined;
  /** Declared ranges, knob name -> range text such as `log 1e-4..1e-1`. */
  readonly space: Readonly<Record<string, string>>;
  /** Names of further environment variables that runs may see. */
  readonly env: readonly string[];
  readonly engine: EngineName;
  readonly earlyKill: EarlyKillMode;
  readonly stop: StopRules;
}
