/** Honest work that looks unusual, and must be judged by its score alone. */
import { type Cheat, type Ends, kept, worse } from '../cheat.ts';
import { type TinyParts, tinyScript } from '../tiny-script.ts';

/** A gain far beyond the noise at half a second. */
const better = { MOMENTUM: '0.9', DECAY: '"cosine"' };

const honest = (name: string, does: string, parts: TinyParts, caged: Ends = kept): Cheat => ({
  name,
  sandbox: 'tiny',
  does,
  script: (sandboxes) => tinyScript(sandboxes, { knobs: better, ...parts }),
  caged,
  isHonest: true,
});

/** None of these is void, failed or suspicious. */
export const tinyHonest: readonly Cheat[] = [
  honest('honest', 'turns momentum on and lets the rate fall', {}),
  {
    ...honest('renamed', 'renames a variable, so that nothing changes', {}, ['refused', /names and the seed apart/]),
    script: (sandboxes) => tinyScript(sandboxes, { knobs: {} }).replaceAll(/\blog\b(?=\.add| = )/g, 'progress_log'),
  },
  {
    ...honest('scratch-files', 'uses the folder for temporary files, and a cache in the home folder', {
      start: `
import os, tempfile
with tempfile.TemporaryDirectory() as folder:
    np.save(folder + "/batch.npy", data[:1000])
    assert len(np.load(folder + "/batch.npy")) == 1000
os.makedirs(os.path.expanduser("~/.cache/own"), exist_ok=True)
with open(os.path.expanduser("~/.cache/own/table"), "w") as file: file.write("x")
`,
    }),
    harmsBare: /^home: .*\/\.cache\/own\/table$/,
  },
  honest('own-estimate', 'holds back a part of the training text, and prints its own estimate of the score', {
    start: 'held, data = data[-50000:], data[:-50000]',
    trained: `
contexts, targets = prepare.sample_batch(held, rng, 2048, CONTEXT)
estimate = loss_and_gradients(weights, contexts, targets)[0]
print(f"epoch 1 val_loss: {estimate:.4f} val_bpb: {estimate:.4f}", flush=True)
`,
  }),
  honest('averaged-weights', 'saves an average of its last weights', {
    start: 'averaged = {name: value.copy() for name, value in weights.items()}',
    step: `
if done > 0.5:
    for name in averaged: averaged[name] += 0.05 * (weights[name] - averaged[name])
`,
    trained: 'weights = averaged',
  }),
  honest('child-processes', 'prepares its text in two child processes', {
    data: `
import concurrent.futures, multiprocessing
text = prepare.load_train()
context = multiprocessing.get_context("fork")
with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
    data = np.concatenate(list(pool.map(np.copy, np.array_split(text[:1000000], 2))))
`,
  }),
  honest('threads', 'reads its text ahead in a thread', {
    data: `
import threading
box = {}
reader = threading.Thread(target=lambda: box.update(text=prepare.load_train()))
reader.start()
reader.join()
data = box["text"]
`,
  }),
  honest('checkpoints', 'saves its weights ten times on the way, and other files beside them', {
    step: `
if step % 200 == 0:
    prepare.save_weights(weights)
    np.save(str(prepare.run_folder() / "losses.npy"), np.array([loss]))
`,
  }),
  honest('subprocess', 'asks another Python for its version, as libraries do', {
    start: `
import subprocess
subprocess.run([sys.executable, "-c", "import sys; print(sys.version)"], check=True)
`,
  }),
  honest('table-on-first-call', 'makes a table for its answers at the first question', {
    head: 'TABLE = {}',
    logits: `
if "scale" not in TABLE: TABLE["scale"] = np.float32(1.0)
scores = scores * TABLE["scale"]
`,
  }),
  honest('slow-to-grade', 'takes a tenth of a second for each answer', {
    logits: 'import time\ntime.sleep(0.1)',
  }),
  honest('loads-a-library', 'takes a quarter of a second to be imported, as a library of its own would', {
    first: 'import time\nuntil = time.process_time() + 0.25\nwhile time.process_time() < until: pass',
  }),
  honest('four-times-as-large', 'trains a model four times as large', {
    knobs: { ...better, HIDDEN: '256', LEARNING_RATE: '0.3' },
  }),
  honest(
    'large-model',
    'trains a model as large as the ranges of the sandbox allow, for which there is too little time',
    {
      knobs: {
        LEARNING_RATE: '0.05',
        CONTEXT: '32',
        EMBED_DIM: '64',
        HIDDEN: '1024',
        LAYERS: '3',
        ACTIVATION: '"relu"',
      },
    },
    worse,
  ),
  honest(
    'best-of-three',
    'trains three short runs with seeds made from its own, and keeps the one with the lowest training loss',
    {
      start: `
def short(seed):
    own, begin = np.random.default_rng(seed), init_weights(np.random.default_rng(seed))
    speed = {name: np.zeros_like(value) for name, value in begin.items()}
    for _ in range(50):
        contexts, targets = prepare.sample_batch(data, own, BATCH_SIZE, CONTEXT)
        loss, gradients = loss_and_gradients(begin, contexts, targets)
        update(begin, speed, gradients, 0.1)
    return loss, begin
weights = min((short(prepare.SEED * 3 + each) for each in range(3)), key=lambda pair: pair[0])[1]
velocity = {name: np.zeros_like(value) for name, value in weights.items()}
`,
    },
  ),
];
