/**
 * Files in a study's folder that one part writes and another looks for.
 */

/** Says which controller works on the study. */
export const lockFile = 'lock';
/** What a detached run prints. */
export const logFile = 'run.log';
/** Is there while the study waits for room on its disk. */
export const noRoomFile = 'no-room';
/** Says how far the study's mirror is. */
export const mirrorStateFile = 'mirror.json';
/** Says how the last sendings to the study's trackers went. */
export const trackerStatesFile = 'trackers.json';
