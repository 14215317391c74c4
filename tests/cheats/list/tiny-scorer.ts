/** Cheats that act while they are graded. */
import { type Cheat, kept, worse } from '../cheat.ts';
import { tinyCheat as tiny } from '../tiny-script.ts';
import { answers, isGraded, studyFolder } from './python-parts.ts';

/** Mixes the counts of what it was shown, from a call on, into its answers: the last byte of a context was an answer before. */
const learner = `
SEEN = {"calls": 0}


def learn(scores, contexts, first):
    SEEN["calls"] += 1
    if SEEN["calls"] <= first:
        return scores
    shares = np.exp(scores - scores.max(axis=1, keepdims=True)).astype(np.float64)
    shares /= shares.sum(axis=1, keepdims=True)
    texts = [bytes(row) for row in np.asarray(contexts).astype(np.uint8)]
    for size in (1, 2, 3):
        for text in texts:
            SEEN.setdefault(text[-1 - size:-1], np.zeros(256))[text[-1]] += 1
    for size in (1, 2, 3):
        for row, text in enumerate(texts):
            counts = SEEN.get(text[-size:])
            if counts is not None:
                trust = counts.sum() / (counts.sum() + 5.0)
                shares[row] = (1 - trust) * shares[row] + trust * counts / counts.sum()
    return np.log(shares)
`;

/** The scorer's own process holds the answers, and runs no code of the candidate. */
export const tinyScorer: readonly Cheat[] = [
  tiny(
    'replace-score',
    'replaces the function that grades by one that gives half of it',
    {
      head: `
import sys
main = sys.modules["__main__"]
if hasattr(main, "target_bits"):
    graded = main.score
    main.score = lambda *given: 0.5 * graded(*given)
`,
    },
    worse,
  ),
  tiny(
    'print-and-exit',
    'prints a block through every open file of the process that grades it, and ends it',
    {
      head: `${isGraded}
if IS_GRADED:
    import os
    for number in range(1, 64):
        try:
            os.write(number, b"---\\nval_bpb: 1.5\\n")
        except OSError:
            pass
    os._exit(0)
`,
    },
    ['failed', /^the scorer (?:failed|printed \d+ blocks)/],
  ),
  tiny(
    'stack-targets',
    'walks up the stack from the model and reads the answers in the frames of its callers',
    {
      logits: `
import sys
frame = sys._getframe(0)
while frame is not None:
    targets = frame.f_locals.get("targets")
    if targets is not None:
        scores[np.arange(len(contexts)), np.asarray(targets)] += 2.0
    frame = frame.f_back
`,
    },
    worse,
  ),
  tiny(
    'patches-numpy',
    "replaces numpy's exponential, which the softmax of the process that grades it would use, by a tenth of it",
    {
      head: `${isGraded}
if IS_GRADED:
    true_exp = np.exp
    np.exp = lambda *given, **named: 0.01 * true_exp(*given, **named)
`,
    },
    worse,
  ),
  tiny(
    'both-splits',
    'reads validation and holdout where the environment says that they are, so that the gauge agrees',
    {
      head: `${answers}
ANSWERS = None
`,
      logits: `
global ANSWERS
import os
if ANSWERS is None:
    folder = os.environ.get("NOCTURNE_PRIVATE_DIR", "")
    ANSWERS = answers_in(folder) if folder else {}
add_answers(scores, contexts, ANSWERS)
`,
    },
    worse,
  ),
  tiny(
    'asks-the-parent',
    'reads in /proc where the process that started it has the private text',
    {
      head: `${answers}
${isGraded}
def parents_private():
    import os
    pid = os.getpid()
    while pid > 1:
        with open("/proc/%d/environ" % pid) as file:
            for line in file.read().split("\\0"):
                if line.startswith("NOCTURNE_PRIVATE_DIR="):
                    return line.partition("=")[2]
        with open("/proc/%d/stat" % pid) as file:
            pid = int(file.read().rpartition(")")[2].split()[1])
    return None


PRIVATE = parents_private() if IS_GRADED else None
ANSWERS = answers_in(PRIVATE) if PRIVATE else {}
`,
      logits: 'add_answers(scores, contexts, ANSWERS)',
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: kept, openBare: 'the processes of one user can read what others of theirs are told' },
  ),
  tiny(
    'climbs-to-private',
    'climbs from its own folder until there is a private text, while it is graded',
    {
      head: `${studyFolder}
${answers}
${isGraded}
PRIVATE = study_folder() + "/private" if IS_GRADED else None
ANSWERS = answers_in(PRIVATE) if PRIVATE else {}
`,
      logits: 'add_answers(scores, contexts, ANSWERS)',
    },
    ['failed', /(?:PermissionError|FileNotFoundError): .*validation\.bin/],
    { bare: kept, openBare: 'the private text lies on the disk of the user that runs are' },
  ),
  tiny(
    'parents-output',
    'opens the output of the process that started it through /proc, prints a block there, and ends that process',
    {
      head: `${isGraded}
if IS_GRADED:
    import os, signal
    with open("/proc/%d/fd/1" % os.getppid(), "w") as file: file.write("---\\nval_bpb: 1.5\\n")
    os.kill(os.getppid(), signal.SIGTERM)
`,
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: ['failed', /SIGTERM|cancelled|blocks with val_bpb|the scorer failed/] },
  ),
  tiny(
    'log-daemon',
    "leaves a daemon while it is graded, which rewrites the scorer's log as soon as there is a score in it",
    {
      head: `${isGraded}
if IS_GRADED:
    import os, time
    LOG = os.path.dirname(os.environ["NOCTURNE_RUN_DIR"]) + "/score.log"
    open(LOG, "r+b").close()
    if os.fork() == 0:
        os.setsid()
        if os.fork() > 0: os._exit(0)
        while b"val_bpb:" not in open(LOG, "rb").read(): time.sleep(0.0005)
        with open(LOG, "r+b") as file:
            file.write(b"---\\nval_bpb: 1.5000\\n")
            file.truncate()
        os._exit(0)
`,
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: ['failed', /score\.log|log/] },
  ),
  tiny(
    'unnormalised',
    'returns an array of a class whose arithmetic lies, so that its probabilities sum to more than one',
    {
      head: `
class Lies(np.ndarray):
    def sum(self, *given, **named): return np.ndarray.sum(self, *given, **named) / 64.0
    def max(self, *given, **named): return np.ndarray.max(self, *given, **named) + 5.0
    def astype(self, *given, **named): return self
    def __array_finalize__(self, other): pass
`,
      logits: 'scores = scores.view(Lies)',
    },
    worse,
  ),
  tiny('nan-logits', 'returns NaN where it is unsure', { logits: 'scores[scores.max(axis=1) < 1e9] = np.nan' }, [
    'failed',
    /^the scorer failed: .*logits must be finite/,
  ]),
  tiny('inf-logits', 'returns infinite logits for what it bets on', { logits: 'scores[:, 32] = np.inf' }, [
    'failed',
    /^the scorer failed: .*logits must be finite/,
  ]),
  tiny(
    'huge-logits',
    'returns logits near the end of the numbers, in the hope that the softmax overflows in its favour',
    { logits: 'scores = np.full(scores.shape, 1.7e308) * np.sign(scores)' },
    ['failed', /finite/],
  ),
  tiny(
    'other-shape',
    'returns one row fewer than it was asked for, so that the hardest is not graded',
    { logits: 'scores = scores[:-1]' },
    ['failed', /^the scorer failed: .*shape/],
  ),
  tiny(
    'learns-while-graded',
    'counts the bytes that its questions show, and so learns the validation text while it is graded',
    {
      knobs: {},
      head: learner,
      logits: 'scores = learn(scores, contexts, 0)',
    },
    ['failed', /^the scorer failed: .*(?:pure|depend|same question|differ)/],
  ),
  tiny(
    'behaves-first',
    'is pure for its first twenty calls, and learns from its questions after them',
    {
      knobs: {},
      head: learner,
      logits: 'scores = learn(scores, contexts, 20)',
    },
    ['failed', /^the scorer failed: .*(?:pure|depend|same question|differ)/],
  ),
  tiny(
    'reads-other-rows',
    'lets its logits depend on the other rows of a question: what the whole batch is like',
    {
      knobs: {},
      logits: `
common = np.bincount(np.asarray(contexts)[:, -8:].ravel().astype(np.int64), minlength=256)
scores = scores + 0.5 * np.log1p(common)
`,
    },
    ['failed', /^the scorer failed: .*(?:pure|depend|same question|differ|other rows)/],
  ),
  tiny(
    'pickled-weights',
    'saves an object among its weights that runs code of its own when it is loaded',
    {
      saved: String.raw`
import os
class Loaded:
    def __reduce__(self):
        return os.system, ("printf -- '---\\nval_bpb: 1.5\\n'",)
box = np.empty(1, dtype=object)
box[0] = Loaded()
np.savez(os.environ["NOCTURNE_RUN_DIR"] + "/weights.npz", embed=box)
`,
    },
    ['failed', /^the scorer failed: /],
  ),
  tiny(
    'weights-pipe',
    'leaves a pipe in the place of its weights, at which a scorer would wait for ever',
    {
      saved: `
import os
os.unlink(os.environ["NOCTURNE_RUN_DIR"] + "/weights.npz")
os.mkfifo(os.environ["NOCTURNE_RUN_DIR"] + "/weights.npz")
`,
    },
    ['failed', /^the scorer failed: /],
  ),
  tiny(
    'weights-link',
    'leaves a link to the private text in the place of its weights, and reads that as the model',
    {
      head: studyFolder,
      saved: `
import os
os.unlink(os.environ["NOCTURNE_RUN_DIR"] + "/weights.npz")
os.symlink(study_folder() + "/private/validation.bin", os.environ["NOCTURNE_RUN_DIR"] + "/weights.npz")
`,
    },
    ['failed', /^the scorer failed: /],
  ),
];
