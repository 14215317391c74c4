/**
 * What a report shows that is not in the journal: diffs and loss curves, which the command reads from the study's folder.
 */

/** One point of a loss curve, at a share of the budget in [0, 1] or at a step. */
export interface CurvePoint {
  readonly at: number;
  readonly loss: number;
}

export interface Curve {
  readonly unit: 'share' | 'step';
  readonly points: readonly CurvePoint[];
}

/** Absent files are undefined: the report leaves out what they would have shown. */
export interface Attachments {
  readonly patchOf: (experiment: number) => string | undefined;
  readonly curveOf: (experiment: number) => Curve | undefined;
}

/** For reports of studies that left nothing but figures. */
export const noAttachments: Attachments = { patchOf: () => undefined, curveOf: () => undefined };
