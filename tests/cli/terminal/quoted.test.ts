import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { quoted } from '../../../src/cli/terminal/quoted.ts';

it.each(['plain/path-1.py', 'with blank', "it's", 'a $(echo b) `c` $HOME', 'a "b" \\ !', "'$'", ':/lab/train.py', '*'])(
  'a shell reads %j back as it is',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })).toBe(word);
  },
);
