/**
 * Applies the flags of `run` to the brief: a flag wins over the brief, for this session.
 */

import { SettingsError } from '../../core/base/errors.ts';
import { alternativesText } from '../../core/base/format.ts';
import { type ChannelName, type EngineName, engineNames, policyNames } from '../../core/base/names.ts';
import { findResearcher, researcherNames, researchers } from '../../core/base/researchers.ts';
import { type Brief, defaultTimeoutSeconds } from '../../core/brief/brief.ts';
import { lacksSetting } from '../../core/brief/proposers.ts';
import { colabGpus } from '../../core/journal/settings/engine-settings.ts';
import { readDuration } from '../../core/journal/settings/parse-duration.ts';
import { readAddress } from '../../core/journal/settings/ray-fields.ts';
import { parseName } from './parse-name.ts';

/** The flags of `run`, as commander hands them over. */
export interface RunFlags {
  readonly tag?: string;
  readonly from?: string;
  readonly researcher?: string;
  readonly model?: string;
  readonly policy?: string;
  readonly budget?: string;
  readonly maxExperiments?: number;
  readonly maxHours?: number;
  readonly maxUsd?: number;
  readonly maxTokens?: number;
  readonly maxGpuHours?: number;
  readonly target?: number;
  readonly seed?: string;
  readonly engine?: string;
  readonly address?: string;
  readonly slots?: Brief['slots'];
  readonly gpu?: string;
  readonly python?: string;
  readonly isolation: boolean;
  readonly mirror?: string;
  readonly notify?: readonly ChannelName[];
  readonly restore?: string;
  readonly yes?: boolean;
  readonly detach?: boolean;
  readonly allowSleep?: boolean;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** The brief as this session uses it. */
export function applyFlags(brief: Brief, flags: RunFlags): Brief {
  const settings = withGpu(mergeFlags(brief, flags), flags.gpu);
  requireNeededSetting(settings);
  requireSharers(settings);
  return settings;
}

/** Throws when the researcher lacks a setting without which it cannot propose, such as `llm` without a model. */
function requireNeededSetting(brief: Brief): void {
  const row = findResearcher(brief.researcher);
  if (row?.needs?.kind !== 'setting' || !lacksSetting(brief, row)) return;
  const { setting, example, orElse, flag } = row.needs;
  const found = flag === undefined ? 'the brief names none' : `neither the brief nor ${flag} names one`;
  throw new SettingsError(`The ${row.name} researcher needs a ${setting}, and ${found}.`, {
    hint: `Add \`${setting}: ${example}\`${orElse} to the brief.`,
  });
}

/** Throws when `shares` names a researcher that cannot propose: its share would silently go to the others. */
function requireSharers(brief: Brief): void {
  const { researcher, shares = {} } = brief;
  if (researcher !== 'auto') return;
  for (const row of researchers) {
    if (row.needs?.kind !== 'setting' || !lacksSetting(brief, row)) continue;
    const own: readonly string[] = [row.name, ...row.arms.map(({ name }) => name)];
    const name = Object.keys(shares).find((key) => own.includes(key) && (shares[key] ?? 0) > 0);
    if (name === undefined) continue;
    throw new SettingsError(`The brief gives a share to ${name}, and no researcher is named that could use it.`, {
      hint: `Add \`${row.needs.setting}: ${row.needs.example}\`, or another, to the brief.`,
    });
  }
}

function mergeFlags(brief: Brief, flags: RunFlags): Brief {
  // --model without --researcher means `llm`; in `auto` the model proposes anyway.
  const wantsModel = flags.model !== undefined && brief.researcher !== 'auto';
  const researcher = flags.researcher ?? (wantsModel ? 'llm' : undefined);
  return {
    ...brief,
    ...budgetFrom(brief, flags.budget),
    researcher: choose('researcher', researcher, researcherNames, brief.researcher),
    model: flags.model ?? brief.model,
    policy: choose('policy', flags.policy, policyNames, brief.policy),
    engine: choose('engine', flags.engine, engineNames, brief.engine),
    ...addressFrom(brief, flags.address),
    slots: flags.slots ?? brief.slots,
    ...(flags.isolation ? {} : { isolation: 'none' as const }),
    stop: {
      ...brief.stop,
      ...(flags.maxExperiments === undefined ? {} : { experiments: flags.maxExperiments }),
      ...(flags.maxHours === undefined ? {} : { hours: flags.maxHours }),
      ...(flags.maxUsd === undefined ? {} : { usd: flags.maxUsd }),
      ...(flags.maxTokens === undefined ? {} : { tokens: flags.maxTokens }),
      ...(flags.maxGpuHours === undefined ? {} : { gpuHours: flags.maxGpuHours }),
      ...(flags.target === undefined ? {} : { target: flags.target }),
    },
  };
}

/** The brief with another engine, and what its flags ask of it. */
export function withEngine(
  brief: Brief,
  engine: EngineName,
  { address, gpu }: Pick<RunFlags, 'address' | 'gpu'>,
): Brief {
  return withGpu({ ...brief, ...addressFrom(brief, address), engine }, gpu);
}

/** The GPU of a rented machine; how it is named is the engine's. */
function withGpu(brief: Brief, gpu: string | undefined): Brief {
  if (gpu === undefined) return brief;
  if (brief.engine !== 'colab') {
    throw new SettingsError(`--gpu is for an engine that rents a machine, and the engine is ${brief.engine}.`, {
      hint: 'Say --engine colab too, or leave --gpu out.',
    });
  }
  const found = colabGpus.find((name) => name.toLowerCase() === gpu.toLowerCase());
  if (found) return { ...brief, colab: { ...brief.colab, gpu: found } };
  throw new SettingsError(`--gpu must be ${alternativesText(colabGpus)}, found ${JSON.stringify(gpu)}.`);
}

function budgetFrom(brief: Brief, text: string | undefined): Partial<Brief> {
  if (text === undefined) return {};
  const reading = readDuration(text);
  if (reading.kind === 'refused')
    throw new SettingsError(`--budget must be ${reading.expected}, found ${JSON.stringify(text)}.`);
  const isDefault = brief.timeoutSeconds === defaultTimeoutSeconds(brief.budgetSeconds, brief.budgetClock);
  const timeoutSeconds = defaultTimeoutSeconds(reading.value, brief.budgetClock);
  return { budgetSeconds: reading.value, ...(isDefault ? { timeoutSeconds } : {}) };
}

function addressFrom(brief: Brief, text: string | undefined): Partial<Brief> {
  if (text === undefined) return {};
  const reading = readAddress(text);
  if (reading.kind === 'refused') {
    throw new SettingsError(`--address must be ${reading.expected}, found ${JSON.stringify(text)}.`);
  }
  return { ray: { ...brief.ray, address: reading.value } };
}

function choose<Name extends string>(
  key: 'researcher' | 'policy' | 'engine',
  asked: string | undefined,
  built: readonly Name[],
  otherwise: Name,
): Name {
  return asked === undefined ? otherwise : parseName(`--${key}`, built)(asked);
}
