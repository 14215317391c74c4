/**
 * What other programs may import: the loop with its ports, the journal's types, and the views.
 */
export type { Brief } from './core/brief/brief.ts';
export { parseBrief } from './core/brief/parse-brief.ts';
export { nextStep, nextSteps } from './core/decide/next-step.ts';
export type { Room, Step } from './core/decide/step.ts';
export type { Entry, EntryBody } from './core/journal/entry.ts';
export { foldHistory, foldWhole } from './core/journal/fold.ts';
export type { HeldOut, WholeHistory } from './core/journal/held-out.ts';
export type { History } from './core/journal/history.ts';
export type { LoopEvent } from './core/journal/loop-event.ts';
export { type Status, statusOfStudy } from './core/views/status.ts';
export { type Beginning, prepareStudy, resumeStudy, startStudy } from './loop/begin.ts';
export { research } from './loop/research.ts';
export { openStudy, type Study } from './loop/study.ts';
export type { Archive } from './ports/archive.ts';
export type { Engine, Job, JobState } from './ports/engine.ts';
export type { Lab } from './ports/lab.ts';
export type { Researcher } from './ports/researcher.ts';
export type { RunFolders } from './ports/run-folders.ts';
export type { Workspace } from './ports/workspace.ts';
