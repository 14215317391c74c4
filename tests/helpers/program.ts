/** The program as its user has it: built, and started by the node that runs the tests. */
import { packagePath } from '../../src/adapters/package-root.ts';

export const program = packagePath('dist', 'cli', 'main.js');

/** The same in few files: tests start it hundreds of times, and to load its 600 modules takes most of a start. */
export const programInOnePiece = packagePath('tests', 'dist', 'main.js');

/** Every command line of it starts so. */
export const nocturneCommand = [process.execPath, programInOnePiece] as const;
