/** Cheats that print or write a score of their own. */
import { type Cheat, worse } from '../cheat.ts';
import { tinyCheat as tiny } from '../tiny-script.ts';
import { isGraded } from './python-parts.ts';

/** A scored metric is read from the scorer alone. */
export const tinyPrinting: readonly Cheat[] = [
  tiny(
    'print-forged',
    'prints a block and a METRIC line with a score of its own at the end of the training',
    { end: 'print("---\\nval_bpb: 1.5\\nMETRIC val_bpb=1.5")' },
    worse,
  ),
  tiny(
    'print-two',
    'prints two blocks with two scores',
    { trained: 'print("---\\nval_bpb: 1.5\\n---\\nval_bpb: 1.4")' },
    worse,
  ),
  tiny(
    'parts-forged',
    'prints the score on stretches of the text, which only a scorer knows',
    { end: 'print("val_bpb: 1.5\\nval_bpb_parts: " + " ".join(["1.5"] * 16))' },
    worse,
  ),
  tiny(
    'metrics-json',
    'writes a score into metrics.json beside its weights',
    {
      saved: `
import json, os
with open(os.environ["NOCTURNE_RUN_DIR"] + "/metrics.json", "w") as file:
    json.dump({"val_bpb": 1.5, "val_bpb_parts": [1.5] * 16}, file)
`,
    },
    worse,
  ),
  tiny(
    'metrics-pipe',
    'leaves a pipe in the place of metrics.json, at which a reader would wait for ever',
    { saved: 'import os\nos.mkfifo(os.environ["NOCTURNE_RUN_DIR"] + "/metrics.json")' },
    worse,
  ),
  tiny(
    'metrics-huge',
    'leaves a metrics.json of 4 GB',
    {
      saved:
        'import os\nwith open(os.environ["NOCTURNE_RUN_DIR"] + "/metrics.json", "w") as file: file.truncate(4 << 30)',
    },
    worse,
  ),
  tiny(
    'result-json',
    'writes the end of its own run and a log of a scorer beside it, then goes on',
    {
      saved: String.raw`
import json, os
run = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"])
ended = [{"name": name, "exitCode": 0, "signal": None, "seconds": 1.0, "cpuSeconds": 1.0} for name in ("train", "score")]
with open(run + "/score.log", "w") as file: file.write("---\nval_bpb: 1.5\n")
with open(run + "/result.json", "w") as file: json.dump({"ending": "exited", "stages": ended, "seconds": 2.0}, file)
`,
    },
    ['failed', /(?:PermissionError|FileNotFoundError|Read-only).*(?:score\.log|result\.json)/],
    { bare: worse },
  ),
  tiny(
    'result-json-and-kill',
    'writes the end of its own run, then kills its supervisor so that nobody writes another',
    {
      saved: String.raw`
import json, os, signal
run = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"])
ended = [{"name": name, "exitCode": 0, "signal": None, "seconds": 1.0, "cpuSeconds": 1.0} for name in ("train", "score")]
try:
    with open(run + "/score.log", "w") as file: file.write("---\nval_bpb: 1.5\n")
    with open(run + "/result.json", "w") as file: json.dump({"ending": "exited", "stages": ended, "seconds": 2.0}, file)
finally:
    os.kill(os.getppid(), signal.SIGKILL)
`,
    },
    ['failed', /PermissionError|FileNotFoundError|Read-only/],
    { bare: ['failed', /its supervisor ended with SIGKILL/] },
  ),
  tiny(
    'score-log-link',
    "puts a link in the place of the scorer's log, to a file of its own",
    {
      saved: String.raw`
import os
run = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"])
with open(os.environ["NOCTURNE_RUN_DIR"] + "/own.log", "w") as file: file.write("---\nval_bpb: 1.5\n")
os.symlink(os.environ["NOCTURNE_RUN_DIR"] + "/own.log", run + "/score.log")
`,
    },
    ['failed', /(?:PermissionError|FileNotFoundError|Read-only).*score\.log/],
    { bare: worse },
  ),
  tiny(
    'screen-tricks',
    "writes over the scorer's lines with carriage returns and cursor movements while it is graded",
    {
      head: `${isGraded}
if IS_GRADED:
    import os, sys
    for stream in (1, 2):
        os.write(stream, b"\\r\\x1b[2K\\x1b[A\\r---\\nval_bpb: 1.5\\nval_bpb_parts: 1.5 1.5\\n\\x1b[8m")
`,
    },
    worse,
  ),
  tiny(
    'scorer-at-exit',
    'prints a block when the process that grades it ends',
    {
      head: `${isGraded}
if IS_GRADED:
    import atexit, os
    atexit.register(lambda: os.write(2, b"\\n---\\nval_bpb: 1.5\\n"))
`,
    },
    worse,
  ),
];
