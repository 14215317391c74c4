/** A project whose brief declares knobs for a training in awk. */
import { nocturne } from './nocturne.ts';
import { type TemporaryRepo, temporaryRepo } from './temporary-repo.ts';

/** A training in awk; the scorer sees the knobs too, and both say which values the file has. */
const train = `BEGIN {
  while ((getline line < ENVIRON["NOCTURNE_KNOBS"]) > 0) if (line ~ /"lr"/) { gsub(/[^0-9.e+-]/, "", line); sub(/^.*:/, "", line) ; told = line }
  print "lr " lr " depth " depth " opt " opt " file " told
  print (lr - 3) ^ 2 + (depth - 7) ^ 2 + (opt == "sgd" ? 0 : 1) > (ENVIRON["NOCTURNE_RUN_DIR"] "/loss")
}
`;
const briefWith = (lines: string) => `---
metric: loss
goal: minimize
train: awk -v lr={lr} -v depth={depth} -v opt={opt} -f train.awk
score: sh score.sh {scale}
budget: 20s
policy: greedy
${lines}
---
Find settings.
`;
/** The knobs as the brief declares them. */
export const knobs =
  'knobs: { lr: 1.0 in log 0.03..30, depth: 4 in int 2..12, opt: adam in choice adam, sgd, scale: 1.0 in fixed }';
/** Their file as a study starts with it. */
export const start = '{\n  "lr": 1.0,\n  "depth": 4,\n  "opt": "adam",\n  "scale": 1.0\n}\n';

/** A repository of that training, with these lines in its brief. */
export function repoWith(lines: string, more: Readonly<Record<string, string>> = {}): TemporaryRepo {
  return temporaryRepo({
    'program.md': briefWith(lines),
    'train.awk': train,
    'score.sh': 'echo "---"; echo "loss: $(cat "$NOCTURNE_RUN_DIR/loss")"; echo "scale: $1"\n',
    ...more,
  });
}

/** Runs the study `night` of it. */
export const run = (repo: TemporaryRepo, ...flags: readonly string[]) =>
  nocturne(repo.root, ['run', '--tag', 'night', ...flags]);
