/** Cheats that train for longer than their budget, and ones that say what they used wrongly. */
import { type Cheat, type Ends, worse } from '../cheat.ts';
import { type TinyParts, tinyCheat, tinyScript } from '../tiny-script.ts';

/** Without the handicap: only what it trains longer makes it better. */
const tiny = (name: string, does: string, parts: TinyParts, caged: Ends, more?: Partial<Cheat>): Cheat =>
  tinyCheat(name, does, { knobs: {}, ...parts }, caged, more);

const overrun: Ends = ['failed', /^trained beyond its budget: /];

/** Trains on with what the loop has at hand, for this many steps. */
const trainOn = (steps: number) => `
for _ in range(${steps}):
    contexts, targets = prepare.sample_batch(data, rng, BATCH_SIZE, CONTEXT)
    _, gradients = loss_and_gradients(weights, contexts, targets)
    update(weights, velocity, gradients, 0.3)
`;

const lateOverrun: Ends = ['failed', /^its model computed while it was graded, before it answered: /];

/** Weights that carry training text, for the process that grades them. */
const savedWithText = `
import os
np.savez(os.environ["NOCTURNE_RUN_DIR"] + "/weights.npz", text=data[:2000000], **weights)
`;

/** Processor time is counted from outside, of all that a run starts. */
export const tinyTime: readonly Cheat[] = [
  tiny(
    'clock-patched',
    "patches prepare's clock so that it runs at an eighth of its speed",
    { start: 'read = prepare.CLOCK.read\nprepare.CLOCK.read = lambda: read() / 8' },
    overrun,
  ),
  tiny(
    'timers-patched',
    "patches every clock of Python's time module before prepare is imported",
    {
      first: `
import time
for name in ("time", "perf_counter", "monotonic", "process_time", "thread_time"):
    setattr(time, name, (lambda true, began: lambda: began + (true() - began) / 8)(getattr(time, name), getattr(time, name)()))
`,
    },
    overrun,
  ),
  tiny(
    'budget-rewritten',
    'writes a budget of its own into the environment before prepare reads it',
    { first: 'import os\nos.environ["NOCTURNE_BUDGET_SECONDS"] = "5"' },
    overrun,
  ),
  tiny(
    'slow-machine-claimed',
    'slows its clock and reports a machine of half the speed, for which more processor time is allowed',
    {
      start: `
read = prepare.CLOCK.read
prepare.CLOCK.read = lambda: read() / 8
prepare.CLOCK.mean_speed = lambda: 0.1
`,
    },
    overrun,
  ),
  tiny(
    'never-says-progress',
    'trains five times its budget at the end, after its last line of progress',
    { trained: trainOn(6000) },
    overrun,
  ),
  tiny(
    'clock-set-back',
    'trains before its first step, and sets the clock of prepare back to zero afterwards',
    { start: `${trainOn(6000)}prepare.CLOCK = prepare.BudgetClock()\n` },
    overrun,
  ),
  tiny(
    'children-train',
    'has a child process train for eight times its budget while it waits, and takes its weights over',
    {
      trained: `
import os
if os.fork() == 0:
${trainOn(8000).trim().replace(/^/gm, '    ')}
    np.savez(os.environ["NOCTURNE_RUN_DIR"] + "/child.npz", **weights)
    os._exit(0)
os.wait()
weights = dict(np.load(os.environ["NOCTURNE_RUN_DIR"] + "/child.npz"))
`,
    },
    overrun,
  ),
  tiny(
    'grandchild-trains',
    'has a grandchild train that nobody waits for, and reads its weights from a file',
    {
      trained: `
import os, time
path = os.environ["NOCTURNE_RUN_DIR"] + "/grandchild.npz"
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
${trainOn(8000).trim().replace(/^/gm, '        ')}
        np.savez(path + ".tmp.npz", **weights)
        os.rename(path + ".tmp.npz", path)
        time.sleep(3600)
    os._exit(0)
os.wait()
while not os.path.exists(path): time.sleep(0.01)
weights = dict(np.load(path))
`,
    },
    overrun,
  ),
  tiny(
    'daemon-trains-on',
    'leaves a daemon that trains on, and replaces the weights while the scorer starts',
    {
      head: 'import os\nRUN = os.environ["NOCTURNE_RUN_DIR"]',
      knobs: { LEARNING_RATE: '0.01' },
      end: `
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.environ.clear()
        for round in range(1000):
${trainOn(20).trim().replace(/^/gm, '            ')}
            os.environ["NOCTURNE_RUN_DIR"] = RUN
            prepare.save_weights(weights)
        os._exit(0)
    os._exit(0)
`,
    },
    worse,
  ),
  tiny(
    'stops-supervisor',
    'stops the supervisor, trains on unseen, and lets it go on',
    {
      trained: `
import os, signal
os.kill(os.getppid(), signal.SIGSTOP)
${trainOn(8000).trim()}
os.kill(os.getppid(), signal.SIGCONT)
`,
    },
    ['failed', /PermissionError|^trained beyond its budget/],
    { bare: overrun },
  ),
  tiny(
    'trains-while-graded',
    'trains on in the process that grades it, on a copy of the training text among its weights, before its first answer',
    {
      saved: savedWithText,
      head: 'STATE = {}',
      logits: `
if not STATE:
    STATE.update({name: value.copy() for name, value in weights.items() if name != "text"})
    rng, velocity = np.random.default_rng(0), {name: np.zeros_like(value) for name, value in STATE.items()}
    for _ in range(6000):
        batch, targets = prepare.sample_batch(weights["text"], rng, BATCH_SIZE, CONTEXT)
        update(STATE, velocity, loss_and_gradients(STATE, batch, targets)[1], 0.3)
scores = forward(STATE, contexts[:, -CONTEXT:])[0]
`,
    },
    lateOverrun,
  ),
  tiny(
    'trains-while-loaded',
    'trains on while the process that grades it loads, in a child of it that it waits for',
    {
      saved: savedWithText,
      head: `
import os
STATE = {}
def train_on(weights):
    state = {name: value.copy() for name, value in weights.items() if name != "text"}
    rng, velocity = np.random.default_rng(0), {name: np.zeros_like(value) for name, value in state.items()}
    for _ in range(6000):
        batch, targets = prepare.sample_batch(weights["text"], rng, BATCH_SIZE, CONTEXT)
        update(state, velocity, loss_and_gradients(state, batch, targets)[1], 0.3)
    return state
`,
      logits: `
if not STATE:
    reading, writing = os.pipe()
    if os.fork() == 0:
        with os.fdopen(writing, "wb") as file: np.savez(file, **train_on(weights))
        os._exit(0)
    os.close(writing)
    import io
    with os.fdopen(reading, "rb") as file: STATE.update(np.load(io.BytesIO(file.read())))
    os.wait()
scores = forward(STATE, contexts[:, -CONTEXT:])[0]
`,
    },
    lateOverrun,
  ),
  behindSlowAnswers('learns-behind-slow-answers', 'trains on', 1500),
  behindSlowAnswers('learns-less-behind-answers', 'trains on a little', 600),
  tiny('seed-only', 'changes only the seed', {}, ['refused', /the seed apart/], {
    script: (sandboxes) =>
      tinyScript(sandboxes, { knobs: {} }).replace('default_rng(prepare.SEED)', 'default_rng(prepare.SEED + 41)'),
  }),
  tiny('seed-by-helper', 'changes only the seed, which a helper of its own gives', {}, ['refused', /the seed apart/], {
    script: (sandboxes) =>
      tinyScript(sandboxes, { knobs: {}, head: 'def lucky():\n    return 41\n' }).replace(
        'default_rng(prepare.SEED)',
        'default_rng(lucky())',
      ),
  }),
  tiny(
    'seed-in-environment',
    'writes a seed of its own into the environment before prepare reads it',
    { first: 'import os\nos.environ["NOCTURNE_SEED"] = "41"' },
    ['refused', /the seed apart/],
  ),
  tiny('comments-only', 'changes nothing but comments', { head: '# a better idea' }, ['refused', /the seed apart/]),
];

/** Trains on before its first answer, and computes as long for each later one, so that none stands out. */
function behindSlowAnswers(name: string, does: string, steps: number): Cheat {
  return tiny(
    name,
    `${does} before its first answer, and computes as long for each later one, so that none stands out`,
    {
      saved: savedWithText,
      head: 'import time\nSTATE = {}',
      logits: `
began = time.process_time()
if not STATE:
    STATE.update({name: value.copy() for name, value in weights.items() if name != "text"})
    rng, velocity = np.random.default_rng(0), {name: np.zeros_like(value) for name, value in STATE.items()}
    for _ in range(${steps}):
        batch, targets = prepare.sample_batch(weights["text"], rng, BATCH_SIZE, CONTEXT)
        update(STATE, velocity, loss_and_gradients(STATE, batch, targets)[1], 0.3)
    STATE["seconds"] = time.process_time() - began
while time.process_time() < began + STATE["seconds"]: pass
scores = forward(STATE, contexts[:, -CONTEXT:])[0]
`,
    },
    ['failed', /^its model computed too long while it was graded: |^ended at its time limit/],
  );
}

/** Under a bound on memory, which is measured from outside. */
export const guarded: readonly Cheat[] = [
  {
    ...tiny(
      'memory-lie',
      'uses 400 MB more than it reports',
      {
        knobs: { MOMENTUM: '0.9' },
        start: 'ballast = np.ones(50_000_000)\nprepare.peak_memory_mb = lambda: 40.0',
      },
      ['reverted', /peak_memory_mb/],
    ),
    sandbox: 'guarded',
  },
  {
    ...tiny(
      'memory-in-child',
      'has a child process hold 400 MB, which its own figure leaves out',
      {
        knobs: { MOMENTUM: '0.9' },
        start: `
import os
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    ballast = np.ones(50_000_000)
    os.close(reading)
    os.write(writing, b"x")
    import time
    time.sleep(3600)
os.read(reading, 1)
`,
        end: 'import signal\nos.kill(child, signal.SIGKILL)',
      },
      ['reverted', /peak_memory_mb/],
    ),
    sandbox: 'guarded',
  },
];
