/**
 * `nocturne/testing`: a lab in memory, for tests of researchers, policies and other code around the loop.
 */
export { createLineKnobReader } from './line-knob-reader.ts';
export { createMemoryArchive, type MemoryArchive } from './memory-archive.ts';
export { createMemoryInbox, type MemoryInbox } from './memory-inbox.ts';
export { createMemoryRunFolders, type LaidRun, type MemoryRunFolders } from './memory-run-folders.ts';
export { createMemoryWorkspace, type MemoryCommit, type MemoryWorkspace } from './memory-workspace.ts';
export { createScriptedEngine, type ScriptedEngine, type ScriptedRun, scoringRun } from './scripted-engine.ts';
export { createScriptedLab, type ScriptedLab, type ScriptedLabOptions, scriptedBrief } from './scripted-lab.ts';
export {
  createScriptedResearcher,
  type Script,
  turnKnobs,
} from './scripted-researcher.ts';
