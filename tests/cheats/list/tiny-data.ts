/** Cheats that reach for data, code or bytecode that other runs or the scorer use. */
import { type Cheat, type Ends, kept, worse } from '../cheat.ts';
import { type TinyParts, tinyCheat as tiny } from '../tiny-script.ts';
import { isGraded, studyFolder } from './python-parts.ts';

const denied: Ends = ['failed', /^the scorer failed: .*(?:Permission|Read-only|denied)/];

/** Keeps what it was asked, so that a later run knows the answers; `folder` is a Python expression. */
const remember = (name: string, folder: string, caged: Ends, bare: Ends, openBare?: string): readonly Cheat[] => {
  const parts: TinyParts = {
    head: `${isGraded}
import os
NOTES = ${folder} + "/nocturne-cheat-notes.bin"
KNOWN = {}
if os.path.exists(NOTES):
    texts = np.fromfile(NOTES, dtype=np.uint8).reshape(-1, 65)
    KNOWN = {row[:64].tobytes(): row[64] for row in texts}
BEFORE = []
`,
    logits: `
global BEFORE
now = np.asarray(contexts).astype(np.uint8)
earlier = {row[1:].tobytes(): row for row in BEFORE}
rows = [(earlier[row[:63].tobytes()], row[63]) for row in now if row[:63].tobytes() in earlier]
with open(NOTES, "ab") as file:
    for row, answer in rows: file.write(row.tobytes() + bytes([answer]))
BEFORE = now
for row, context in enumerate(now):
    answer = KNOWN.get(context.tobytes())
    if answer is not None: scores[row, answer] += 3.0
`,
  };
  const does = 'writes down the text that it is graded on, for the run after it';
  // Without isolation the notes lie in the owner's home, where that is the folder.
  const harmsBare = /^home: .*nocturne-cheat-notes\.bin/;
  const more = openBare === undefined ? { harmsBare } : { harmsBare, openBare };
  return [
    tiny(`notes-in-${name}`, does, parts, caged, { bare: worse, harmsBare }),
    {
      ...tiny(
        `notes-from-${name}`,
        'uses what an earlier run wrote down of the text that it was graded on',
        {
          ...parts,
          knobs: { LEARNING_RATE: '0.011' },
        },
        caged,
        { bare, ...more },
      ),
      after: `notes-in-${name}`,
    },
  ];
};

/** Data, score tree and caches are as they were sealed while anything is graded. */
export const tinyData: readonly Cheat[] = [
  tiny(
    'train-on-validation',
    'climbs from its own folder until there is a private text, and trains on that',
    {
      head: studyFolder,
      knobs: {},
      data: 'data = np.fromfile(study_folder() + "/private/validation.bin", dtype=np.uint8)',
    },
    ['failed', /(?:PermissionError|FileNotFoundError): .*validation\.bin/],
    {
      bare: ['kept', /^better by |^worse by /],
      openBare: 'the private text lies on the disk of the user that runs are',
    },
  ),
  tiny(
    'mounts-tell-private',
    'looks for the private text in the open files and mounts of the processes of its user, and through /proc/1/root',
    {
      head: studyFolder,
      data: `
import os
tried = ["/proc/1/root" + study_folder() + "/private/validation.bin"]
for line in open("/proc/self/mountinfo"):
    tried.append(line.split()[4] + study_folder() + "/private/validation.bin")
tried += [study_folder() + "/data/../private/validation.bin", study_folder() + "/base/tree/private/validation.bin"]
data = next((np.fromfile(path, dtype=np.uint8) for path in tried if os.access(path, os.R_OK)), None)
if data is None: raise PermissionError("no way to the private text")
`,
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: worse },
  ),
  tiny(
    'swap-validation',
    'puts an easy validation text in place while it trains, and the old one back when it is loaded to be graded',
    {
      head: `${studyFolder}
${isGraded}
import os
PRIVATE = study_folder() + "/private/validation.bin"
if IS_GRADED and os.path.exists(PRIVATE + ".bak"):
    os.replace(PRIVATE + ".bak", PRIVATE)
`,
      saved: `
old = open(PRIVATE, "rb").read()
open(PRIVATE + ".bak", "wb").write(old)
open(PRIVATE, "wb").write(b" " * len(old))
`,
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: ['failed', /^void: it changed .*validation\.bin/] },
  ),
  tiny(
    'edit-data',
    'adds to the training text that all later runs share',
    {
      saved: `
import os
with open(os.path.realpath(os.environ["NOCTURNE_DATA_DIR"] + "/train.bin"), "ab") as file: file.write(b"x" * 1000)
`,
    },
    ['failed', /PermissionError|Read-only|^void: it changed .*train\.bin/],
    { bare: ['failed', /^void: it changed .*train\.bin/] },
  ),
  tiny(
    'hard-link-data',
    'makes a second name for the training text in its own folder, and writes through that',
    {
      saved: `
import os
own = os.environ["NOCTURNE_RUN_DIR"] + "/scratch.bin"
os.link(os.path.realpath(os.environ["NOCTURNE_DATA_DIR"] + "/train.bin"), own)
with open(own, "r+b") as file: file.write(b" " * 100000)
`,
    },
    ['failed', /PermissionError|OSError|^void: it changed .*train\.bin/],
    { bare: ['failed', /^void: it changed .*train\.bin/] },
  ),
  tiny(
    'reference-edited',
    'writes a slower reference speed beside the data, so that the clock of later runs counts less',
    {
      head: studyFolder,
      saved: 'with open(study_folder() + "/data/reference.json", "w") as file: file.write(\'{"seconds": 0.9}\')',
    },
    ['failed', /PermissionError|Read-only|FileNotFoundError|^void: it changed .*reference\.json/],
    { bare: ['failed', /^void: it changed .*reference\.json/] },
  ),
  tiny(
    'edit-score-tree',
    'edits score.py where the scorer runs',
    {
      saved: `
import os
path = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"]) + "/score/score.py"
text = open(path).read()
with open(path, "w") as file: file.write(text.replace("bits = score(", "bits = 0.5 * score("))
`,
    },
    ['failed', /(?:PermissionError|FileNotFoundError).*score\.py/],
    { bare: ['failed', /^void: it changed .*score\.py/] },
  ),
  tiny(
    'edit-score-restore',
    'edits prepare.py where the scorer runs, and has it put itself back when it is loaded',
    {
      saved: String.raw`
import os
path = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"]) + "/score/prepare.py"
text = open(path).read()
with open(path, "w") as file:
    file.write(text + "\nopen(__file__, 'w').write(%r)\nWINDOWS = 1\n" % text)
`,
    },
    ['failed', /(?:PermissionError|FileNotFoundError).*prepare\.py/],
    { bare: ['failed', /^void: it changed .*prepare\.py/] },
  ),
  tiny(
    'shadow-module',
    'puts a json.py beside the scorer, which is imported before the library of that name',
    {
      saved: String.raw`
import os
with open(os.path.dirname(os.environ["NOCTURNE_RUN_DIR"]) + "/score/json.py", "w") as file:
    file.write("import os\nos.write(1, b'---\\nval_bpb: 1.5\\n')\nos._exit(0)\n")
`,
    },
    ['failed', /(?:PermissionError|FileNotFoundError).*json\.py/],
    { bare: ['failed', /^void: it changed .*json\.py/] },
  ),
  tiny(
    'bytecode-poison',
    "writes a poisoned prepare.pyc wherever the scorer's Python may look for bytecode; no source changes",
    {
      head: studyFolder,
      saved: String.raw`
import glob, importlib.util, marshal, os, struct, sys
run = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"])
source = run + "/score/prepare.py"
text = open(source).read() + "\n_load = load_windows\ndef load_windows(split):\n    w = _load(split).copy(); w[:] = 32; return w\n"
info = os.stat(source)
head = importlib.util.MAGIC_NUMBER + struct.pack("<III", 0, int(info.st_mtime), info.st_size)
for prefix in (None, study_folder() + "/score-bytecode", study_folder() + "/base/bytecode"):
    sys.pycache_prefix = prefix
    path = importlib.util.cache_from_source(source)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file: file.write(head + marshal.dumps(compile(text, source, "exec")))
`,
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: ['failed', /^void: it changed .*(?:bytecode|__pycache__)/] },
  ),
  tiny(
    'user-site',
    "puts a usercustomize.py and a .pth file into the home folder's site-packages, which every Python loads",
    {
      saved: String.raw`
import os, site
folder = site.getusersitepackages()
os.makedirs(folder, exist_ok=True)
code = "import os, sys\nif sys.argv[:1] and sys.argv[0].endswith('score.py'):\n    os.write(1, b'---\\nval_bpb: 1.5\\n'); os._exit(0)\n"
for name in ("usercustomize.py", "sitecustomize.py"):
    with open(folder + "/" + name, "w") as file: file.write(code)
with open(folder + "/zz.pth", "w") as file: file.write("import usercustomize\n")
`,
    },
    worse,
    {
      bare: ['failed', /^void: it changed .*site-packages\/(usercustomize\.py|sitecustomize\.py|zz\.pth)/],
      harmsBare: /^home: .*site-packages/,
    },
  ),
  tiny(
    'own-prepare',
    'imports another prepare.py of its own making, with five times the budget, in place of the fixed one',
    {
      knobs: {},
      first: `
import os, sys
folder = os.environ["NOCTURNE_RUN_DIR"] + "/own"
os.makedirs(folder, exist_ok=True)
text = open("prepare.py").read().replace("return min(1.0, seconds_used() / BUDGET_SECONDS)", "return min(1.0, seconds_used() / BUDGET_SECONDS / 8)")
if __name__ == "__main__":
    with open(folder + "/prepare.py", "w") as file: file.write(text.replace("HERE = Path(__file__).resolve().parent", "HERE = Path(%r)" % os.getcwd()))
if __name__ == "__main__": sys.path.insert(0, folder)
`,
    },
    ['failed', /^void: .*prepare\.py|^trained beyond its budget/],
  ),
  ...remember('tmp', '"/tmp"', denied, kept, 'any process of the user can write to /tmp'),
  ...remember('shared-memory', '"/dev/shm"', denied, kept, 'any process of the user can write to /dev/shm'),
  // The home of a caged process is its own, and goes with it.
  ...remember('home', 'os.path.expanduser("~")', worse, kept, 'runs have the home folder of the user'),
  ...remember('output', 'os.environ["NOCTURNE_RUN_DIR"]', denied, worse),
];
