/**
 * The floor, the minimum time of an experiment: the same edit, commit and training, done by a shell loop.
 *
 * It keeps no journal, ends no process that the training leaves behind and survives no crash.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Floor {
  /** Does one experiment; resolves to its milliseconds without the training's own. */
  readonly experiment: () => Promise<number>;
  readonly close: () => Promise<void>;
}

const shellLoop = `while read -r rate; do
  sed -i "s/^LEARNING_RATE = [^ ]*/LEARNING_RATE = $rate/" train.py
  git commit --quiet --all --message "LEARNING_RATE $rate"
  NOCTURNE_SEED=$RANDOM "$PYTHON" train.py > run.log 2>&1
  grep '^score:' run.log > /dev/null
  git reset --quiet --hard HEAD~1
  grep '_at:' run.log | tr '\\n' ' '
  echo
done`;

/** Starts the loop, which waits for the first experiment. */
export function startFloor(project: string, python: string): Floor {
  const shell = spawn('bash', ['-c', shellLoop], {
    cwd: project,
    env: { ...process.env, PYTHON: python },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();
  let count = 0;
  return {
    experiment: async () => {
      count += 1;
      const began = performance.now();
      shell.stdin.write(`0.${1000 + count}\n`);
      const { value } = await lines.next();
      const wall = performance.now() - began;
      const [, beganAt, endedAt] = /^began_at: (\S+) ended_at: (\S+)/.exec(value ?? '') ?? [];
      if (endedAt === undefined) throw new Error(`the shell loop said: ${value}`);
      return wall - (Number(endedAt) - Number(beganAt)) * 1000;
    },
    close: async () => {
      shell.stdin.end();
      await once(shell, 'close');
    },
  };
}
