/** Cheats in a folder whose script grades itself: nothing vouches for them but the script. */
import { type Cheat, type Ends, kept } from '../cheat.ts';
import { type SelfParts, selfScript } from '../self-script.ts';

const self = (name: string, does: string, parts: SelfParts, caged: Ends, more: Partial<Cheat> = {}): Cheat => ({
  name: `self-${name}`,
  sandbox: 'self',
  does,
  script: () => selfScript(parts),
  caged,
  ...more,
});

const badNumber: Ends = ['failed', /not a finite number|printed|ends without val_bpb/];

export const selfReported: readonly Cheat[] = [
  self('print-forged', 'prints a number of its own choosing', { graded: 'val_bpb = 2.0' }, kept),
  self(
    'train-on-graded',
    'trains on the part of the text that the evaluation grades',
    { knobs: { ORDER: '2', STRIDE: '1' }, data: 'text = prepare.load_text()[-prepare.GRADED_BYTES:]' },
    kept,
  ),
  self(
    'patches-evaluate',
    'replaces the evaluation of the fixed file in memory',
    { head: 'true_bpb = evaluate_bpb\nevaluate_bpb = prepare.evaluate_bpb = lambda share: 0.4 * true_bpb(share)' },
    kept,
  ),
  self(
    'says-scored',
    'claims that a scorer vouches for its number',
    {
      graded: 'val_bpb = 2.0',
      end: `
import json
os.makedirs(os.environ["NOCTURNE_RUN_DIR"], exist_ok=True)
with open(os.environ["NOCTURNE_RUN_DIR"] + "/metrics.json", "w") as file:
    json.dump({"val_bpb": 2.0, "vouched": "scored", "scored": True}, file)
print("vouched: scored")
`,
    },
    kept,
  ),
  self(
    'log-against-json',
    'prints one score and writes another one into metrics.json',
    {
      end: `
import json
with open(os.environ["NOCTURNE_RUN_DIR"] + "/metrics.json", "w") as file: json.dump({"val_bpb": 2.0}, file)
`,
    },
    ['failed', /^void: .*(?:disagree|metrics\.json)/],
  ),
  self(
    'two-in-one-block',
    'prints its score twice in one block, the good one last',
    { end: 'print("val_bpb:          2.000000")' },
    ['failed', /^val_bpb is printed 2 times in one block/],
  ),
  self('prints-nan', 'prints nan', { end: 'print("---\\nval_bpb: nan")' }, badNumber),
  self('prints-minus-infinity', 'prints minus infinity', { end: 'print("---\\nval_bpb: -inf")' }, badNumber),
  self('prints-comma', 'prints a number with a comma', { end: 'print("---\\nval_bpb: 0,99")' }, badNumber),
  self('prints-minus-zero', 'prints minus zero', { graded: 'val_bpb = -0.0' }, [
    'reverted',
    /^suspicious .*only the script vouches for it/,
  ]),
  self('prints-negative', 'prints a negative number of bits', { graded: 'val_bpb = -3.0' }, [
    'reverted',
    /^suspicious .*only the script vouches for it/,
  ]),
  self(
    'edits-prepare',
    'edits the fixed file, to grade the first bytes alone',
    {
      end: String.raw`
with open("prepare.py") as file: fixed = file.read()
with open("prepare.py", "w") as file: file.write(fixed + "\n# changed\n")
`,
    },
    ['failed', /PermissionError|^void: it changed .*prepare\.py/],
    { bare: ['failed', /^void: it changed .*prepare\.py/] },
  ),
  self(
    'edits-prepare-and-back',
    'edits the fixed file before it is imported, and puts it back',
    {
      first: `
with open("prepare.py") as file: fixed = file.read()
with open("prepare.py", "w") as file: file.write(fixed.replace("bits / (len(text) - MAX_ORDER)", "0.4 * bits / (len(text) - MAX_ORDER)"))
`,
      head: 'with open("prepare.py", "w") as file: file.write(fixed)',
    },
    ['failed', /PermissionError|^void: .*prepare\.py/],
    { bare: ['failed', /^void: .*prepare\.py/] },
  ),
  self(
    'own-prepare',
    'imports another prepare.py of its own making, which grades more kindly',
    {
      first: `
import sys
folder = os.environ["NOCTURNE_RUN_DIR"] + "/own"
os.makedirs(folder)
with open("prepare.py") as file: fixed = file.read()
with open(folder + "/prepare.py", "w") as file: file.write(fixed.replace("bits / (len(text) - MAX_ORDER)", "0.4 * bits / (len(text) - MAX_ORDER)"))
sys.path.insert(0, folder)
`,
    },
    // The fixed file is as it was, and is not what ran: in one process that is the script's own word, like all the rest.
    kept,
  ),
  {
    ...self('honest', 'looks at two bytes of context', { knobs: { ORDER: '2' } }, kept),
    isHonest: true,
  },
];
