/** The program as its user has it: built, and started by the node that runs the tests. */
import { packagePath } from '../../src/adapters/package-root.ts';

export const program = packagePath('dist', 'cli', 'main.js');

/** Every command line of it starts so. */
export const nocturneCommand = [process.execPath, program] as const;
