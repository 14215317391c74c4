/** The Python of the tests. */
import { execFileSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/** The interpreter itself: `python3` may be a shell script that looks for it anew at each start, and adds to the environment. */
export const interpreter = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();

/** A PATH on which it comes first: tests start it a thousand times. */
export const interpreterFirst = `${dirname(interpreter)}${delimiter}${process.env.PATH}`;
