/**
 * The researchers: one row for each, from which follow the settings, their errors, `--help`, `shares:` and the arms of `auto`.
 *
 * Another one is a row here and a line in `cli/compose/researcher-openers.ts`.
 */

/** One way of asking a researcher, as `auto` counts them. */
interface ArmRow<Arm extends string = string> {
  readonly name: Arm;
  /** The kind of edit that it makes. */
  readonly kind: 'knobs' | 'code';
  /** What `auto` expects of it before it was tried: 1 is what the study as a whole gains per budget. */
  readonly expectedGain: number;
}

/** What a researcher cannot propose without. */
type Need =
  | {
      readonly kind: 'setting';
      readonly setting: 'model' | 'command';
      readonly example: string;
      /** What may stand in the example's place, as the hint goes on. */
      readonly orElse: string;
      /** The flag that gives it for one session. */
      readonly flag?: string;
    }
  | { readonly kind: 'optuna' };

interface ResearcherRow<Name extends string = string, Arm extends string = string> {
  readonly name: Name;
  /**
   * What is asked for each idea. A model and an agent read prose and notes, cost money, and are given up after fewer failures;
   * what an agent spends is known only as far as it says so itself.
   */
  readonly calls: 'nothing' | 'model' | 'agent';
  readonly needs?: Need;
  /** Whether `fallback:` may name it. */
  readonly mayStandIn: boolean;
  /** What `auto` may ask of it; empty for one that takes no part in a mix. */
  readonly arms: readonly ArmRow<Arm>[];
}

/** In the order in which errors and `--help` list them, and in which `auto` draws for their arms: new ones come last. */
const rows = [
  {
    name: 'random',
    calls: 'nothing',
    mayStandIn: true,
    arms: [{ name: 'random', kind: 'knobs', expectedGain: 0.1 }],
  },
  {
    name: 'grid',
    calls: 'nothing',
    mayStandIn: true,
    arms: [{ name: 'grid', kind: 'knobs', expectedGain: 0.3 }],
  },
  {
    name: 'recipe',
    calls: 'nothing',
    mayStandIn: false,
    arms: [{ name: 'recipe', kind: 'knobs', expectedGain: 0.7 }],
  },
  {
    name: 'bayes',
    calls: 'nothing',
    needs: { kind: 'optuna' },
    mayStandIn: true,
    arms: [
      { name: 'bayes-gp', kind: 'knobs', expectedGain: 1.2 },
      { name: 'bayes-tpe', kind: 'knobs', expectedGain: 0.2 },
    ],
  },
  {
    name: 'llm',
    calls: 'model',
    needs: {
      kind: 'setting',
      setting: 'model',
      example: 'anthropic:claude-sonnet-5-5',
      orElse: ' or another provider:model',
      flag: '--model',
    },
    mayStandIn: false,
    arms: [
      { name: 'llm-knobs', kind: 'knobs', expectedGain: 2 },
      { name: 'llm-code', kind: 'code', expectedGain: 1.2 },
    ],
  },
  {
    name: 'command',
    calls: 'agent',
    needs: {
      kind: 'setting',
      setting: 'command',
      example: 'claude',
      orElse: ', or the command of another coding agent,',
    },
    mayStandIn: false,
    arms: [{ name: 'command-code', kind: 'code', expectedGain: 1.2 }],
  },
  { name: 'owner', calls: 'nothing', mayStandIn: false, arms: [] },
] as const satisfies readonly ResearcherRow[];

/** A researcher of its own: any but `auto`, which mixes them. */
export type SingleResearcher = (typeof rows)[number]['name'];
export type ArmName = (typeof rows)[number]['arms'][number]['name'];

export type SingleResearcherRow = ResearcherRow<SingleResearcher, ArmName>;

/** Every researcher of its own, in the order of the table. */
export const researchers: readonly SingleResearcherRow[] = rows;

/** What `researcher:` may say; the first is the default. */
export const researcherNames = ['auto', ...rows.map(({ name }) => name)] as const;

/** The researcher of this name; undefined for `auto`, and for what is not one. */
export function findResearcher(name: string): SingleResearcherRow | undefined {
  return researchers.find((row) => row.name === name);
}

/** Whether each of its ideas is a call of a model or an agent. */
export function callsModelOrAgent({ calls }: SingleResearcherRow): boolean {
  return calls !== 'nothing';
}
