/**
 * Names that settings, the journal and the judge share.
 */

/** Who decides what is kept; the first is the default. */
export const policyNames = ['value', 'greedy', 'confirm'] as const;
export type PolicyName = (typeof policyNames)[number];

/** Where runs execute; the first is the default. */
export const engineNames = ['local', 'ray', 'slurm', 'skypilot', 'colab'] as const;
export type EngineName = (typeof engineNames)[number];

/** Where the owner can be told of a study; a command of the owner's is another. */
export const channelNames = ['ntfy', 'slack', 'discord', 'telegram', 'webhook', 'desktop'] as const;
export type ChannelName = (typeof channelNames)[number];

/** Programs that keep experiments, to which a study can be sent. */
export const trackerNames = ['csv', 'tensorboard', 'mlflow', 'wandb', 'trackio'] as const;
export type TrackerName = (typeof trackerNames)[number];

/** Which clock the training budget is counted on: wall seconds, or the CPU seconds of the run's processes. */
export type BudgetClock = 'wall' | 'cpu';

/**
 * Which runs may be ended early: none; those that are broken, silent, too slow or far beyond the incumbent's curve where the
 * two can be compared; or, boldly, also those whose depth, width, batch or schedule was changed.
 */
export type EarlyKillMode = 'off' | 'safe' | 'bold';

/** What keeps a run from the rest of the machine, from nothing to the most; docs/trust.md says what each promises. */
export const tierNames = ['none', 'seccomp', 'user', 'landlock', 'landlock-user', 'namespaces'] as const;
export type Tier = (typeof tierNames)[number];
